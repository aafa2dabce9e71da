// One call of classify: collects an outcome for each text, or fails as a whole.
import type { ClassifyOptions, ClassifyOutcome } from '@renown/reputation'
import { EngineError } from './errors.ts'
import type { RejectionReason } from './observer.ts'
import type { Task } from './task.ts'

export interface CallHost {
  /** The call was answered or failed: `reason` says why not. */
  ended(call: Call, reason: RejectionReason | null): void
}

export class Call {
  readonly promise: Promise<readonly ClassifyOutcome[]>
  /** Texts that are on their way, in no order. */
  tasks: Task[] = []
  settled = false
  readonly mark: object | undefined
  /** Wants answers that are computed, not remembered. */
  readonly fresh: boolean
  readonly #outcomes: ClassifyOutcome[]
  readonly #host: CallHost
  readonly #signal: AbortSignal | undefined
  #timer: NodeJS.Timeout | undefined
  #missing: number
  #resolve!: (outcomes: readonly ClassifyOutcome[]) => void
  #reject!: (error: EngineError) => void

  constructor(texts: number, options: ClassifyOptions, host: CallHost) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#outcomes = new Array(texts)
    this.#missing = texts
    this.#host = host
    this.fresh = options.fresh === true
    this.mark = options.mark
    this.#signal = options.signal
    if (options.deadlineMs !== undefined) this.#startTimer(options.deadlineMs)
    if (this.#signal?.aborted) this.#abort()
    else this.#signal?.addEventListener('abort', this.#abort, { once: true })
  }

  answer(index: number, outcome: ClassifyOutcome): void {
    if (this.settled) return
    this.#outcomes[index] = outcome
    if (--this.#missing > 0) return
    this.#end(null)
    this.#resolve(this.#outcomes)
  }

  fail(error: EngineError, reason: RejectionReason): void {
    if (this.settled) return
    this.#end(reason)
    this.#reject(error)
  }

  readonly #abort = (): void => {
    this.fail(new EngineError('ABORTED', 'the caller went away before the answer'), 'aborted')
  }

  #startTimer(ms: number): void {
    const expire = (): void =>
      this.fail(new EngineError('DEADLINE_EXCEEDED', `expected an answer within ${ms} ms, got none`), 'deadline')
    if (ms > 0) this.#timer = setTimeout(expire, Math.min(ms, 2 ** 31 - 1))
    else expire()
  }

  #end(reason: RejectionReason | null): void {
    this.settled = true
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#host.ended(this, reason)
  }
}
