// Asks for a label while someone types: waits for a pause, drops what is stale, asks again when the server was busy.
import { type ApiError, asApiError, isAbort, isTransient } from '../../api/errors.ts'
import type { SentimentResponse } from '../../api/types.ts'

export interface Answered {
  readonly text: string
  readonly answer: SentimentResponse
  /** From the request to its answer. */
  readonly ms: number
}

export interface TypingState {
  /** The newest answer; it may belong to an older text while the next one is on its way. */
  readonly shown: Answered | null
  readonly pending: boolean
  readonly error: ApiError | null
  /** Seconds until it is asked again by itself; null where it is not. */
  readonly retryIn: number | null
}

export interface TypingOptions {
  ask(text: string, signal: AbortSignal): Promise<SentimentResponse>
  onState(state: TypingState): void
  clock(): number
  readonly pauseMs?: number
}

export interface Typing {
  type(text: string): void
  /** Asks for the last text again, now. */
  again(): void
  stop(): void
}

export const EMPTY_TYPING: TypingState = { shown: null, pending: false, error: null, retryIn: null }
const RETRY_SECONDS = 2

export function createTyping(options: TypingOptions): Typing {
  let state = EMPTY_TYPING
  let text = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let controller: AbortController | null = null

  function set(next: Partial<TypingState>): void {
    state = { ...state, ...next }
    options.onState(state)
  }

  function cancel(): void {
    clearTimeout(timer)
    controller?.abort()
    controller = null
  }

  function ask(): void {
    cancel()
    const asked = text
    const current = new AbortController()
    controller = current
    const start = options.clock()
    set({ pending: true, retryIn: null })
    options.ask(asked, current.signal).then(
      (answer) => {
        if (controller !== current) return
        set({ shown: { text: asked, answer, ms: options.clock() - start }, pending: false, error: null, retryIn: null })
      },
      (error: unknown) => {
        if (controller === current && !isAbort(error)) fail(asApiError(error))
      },
    )
  }

  function fail(error: ApiError): void {
    const wait = isTransient(error) ? Math.max(1, error.retryAfter ?? RETRY_SECONDS) : null
    set({ pending: false, error, retryIn: wait })
    if (wait !== null) timer = setTimeout(ask, wait * 1000)
  }

  return {
    type: (next) => {
      cancel()
      text = next
      if (text.trim() === '') set(EMPTY_TYPING)
      else {
        set({ pending: true })
        timer = setTimeout(ask, options.pauseMs ?? 150)
      }
    },
    again: () => {
      if (text.trim() !== '') ask()
    },
    stop: cancel,
  }
}
