// Long synchronous work in turns of a few milliseconds, so that the event loop serves everybody else in between.

const SLICE_MS = 8
/** Nobody worked for so long: the clock starts anew. */
const IDLE_MS = 100

export class TimeSlices {
  #start = Number.NEGATIVE_INFINITY
  readonly #waiting: (() => void)[] = []

  /** Whether the work should stop and await `next()`. All who work in one turn share its time. */
  isSpent(): boolean {
    const now = performance.now()
    const spent = now - this.#start
    if (spent <= SLICE_MS) return false
    if (spent <= IDLE_MS || this.#waiting.length > 0) return true
    this.#start = now
    return false
  }

  /** Resolves in a later turn of the event loop; one waiter a turn, in order. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === 1) setImmediate(() => this.#serve())
    })
  }

  #serve(): void {
    const resolve = this.#waiting.shift()
    this.#start = performance.now()
    resolve?.()
    if (this.#waiting.length > 0) setImmediate(() => this.#serve())
  }
}
