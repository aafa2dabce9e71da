// How fast the model works, from the batches that ran: the queue's bound and Retry-After follow from it.

/** What a batch before the last one still counts for. */
const DECAY = 0.9

export class DrainRate {
  #tokens = 0
  #ms = 0
  readonly #parallel: number

  /** `parallel`: workers that run at once. */
  constructor(parallel: number) {
    this.#parallel = parallel
  }

  /** A first guess, which the first batch outweighs. */
  guess(tokens: number, ms: number): void {
    this.#tokens = tokens / Math.max(ms, 0.001)
    this.#ms = 1
  }

  /** Begins where another one is: what was measured beside a model that serves says little. */
  takeOver(other: DrainRate): void {
    if (other.#ms === 0) return
    this.#tokens = other.#tokens
    this.#ms = other.#ms
  }

  /** A batch kept its worker busy for `ms`, from the end of the batch before it where there was one. */
  add(tokens: number, ms: number): void {
    this.#tokens = this.#tokens * DECAY + tokens
    this.#ms = this.#ms * DECAY + Math.max(ms, 0.001)
  }

  /** Tokens a second, or null before the first batch. */
  tokensPerSecond(): number | null {
    return this.#ms === 0 ? null : (this.#parallel * 1000 * this.#tokens) / this.#ms
  }
}
