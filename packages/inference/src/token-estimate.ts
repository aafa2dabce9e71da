// How many tokens a text will have, from its length: admission must be cheaper than tokenising what is then refused.

const START = 0.3
/** What all texts before count for against the last one. */
const DECAY = 0.99
/** Special tokens around a text. */
const SPECIAL = 2

export class TokenEstimate {
  #chars = 100
  #tokens = 100 * START

  of(chars: number): number {
    return SPECIAL + Math.ceil((chars * this.#tokens) / this.#chars)
  }

  learn(chars: number, tokens: number): void {
    this.#chars = this.#chars * DECAY + chars
    this.#tokens = this.#tokens * DECAY + tokens
  }
}
