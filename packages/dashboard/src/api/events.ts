// Follows a scoring by server-sent events, and comes back by itself after the line was cut.
import type { Scoring, ScoringEvent } from './types.ts'

const EVENTS: readonly ScoringEvent[] = ['progress', 'done', 'failed', 'cancelled']
const FIRST_WAIT = 1000
const LONGEST_WAIT = 15_000

export interface ScoringListener {
  update(scoring: Scoring): void
  /** The line is cut (false) or back (true). */
  connected(ok: boolean): void
  /** The server refused the stream: ask for the scoring itself to learn why. */
  refused(): void
}

/** Returns a function that stops following. */
export function followScoring(path: string, listener: ScoringListener): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT
  let stopped = false

  function open(): void {
    const current = new EventSource(path)
    source = current
    current.onopen = () => {
      wait = FIRST_WAIT
      listener.connected(true)
    }
    for (const name of EVENTS) current.addEventListener(name, (event) => receive(event, name))
    current.onerror = () => retry(current)
  }

  function receive(event: MessageEvent<string>, name: ScoringEvent): void {
    const scoring = JSON.parse(event.data) as Scoring
    if (name !== 'progress') stop()
    listener.update(scoring)
  }

  // The browser retries a cut stream, but gives up after an answer that is no stream (a 502 while restarting).
  function retry(current: EventSource): void {
    if (stopped) return
    listener.connected(false)
    if (current.readyState !== EventSource.CLOSED) return
    listener.refused()
    timer = setTimeout(open, wait)
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }

  function stop(): void {
    stopped = true
    clearTimeout(timer)
    source?.close()
  }

  open()
  return stop
}
