// How much work is let in: bounded in tokens, by what the model does in a second or so on this machine.
import type { DrainRate } from './drain-rate.ts'
import type { Share } from './task.ts'

export interface AdmissionLimits {
  readonly batchTokens: number
  readonly maxQueueTokens: number
  readonly maxQueueMs: number
  readonly workers: number
}

/** Batches that callers who wait keep queued, so that no worker runs dry between two answers. */
const FEED_BATCHES = 8
const MAX_RETRY_SECONDS = 30

export class Admission {
  readonly #limits: AdmissionLimits
  readonly #rate: DrainRate
  readonly #used: Record<Share, number> = { interactive: 0, bulk: 0, feed: 0 }
  #peak = 0
  #roomWaiter: (() => void) | null = null

  constructor(limits: AdmissionLimits, rate: DrainRate) {
    this.#limits = limits
    this.#rate = rate
  }

  /**
   * Tokens that each priority may have waiting or running: what the model does in `maxQueueMs` at its measured rate, at
   * least two batches, at most `maxQueueTokens`.
   */
  bound(): number {
    const { batchTokens, maxQueueTokens, maxQueueMs, workers } = this.#limits
    const rate = this.#rate.tokensPerSecond()
    const floor = 2 * batchTokens * workers
    const timed = rate === null ? floor : Math.max(floor, (rate * maxQueueMs) / 1000)
    return Math.min(timed, maxQueueTokens)
  }

  /** Takes the tokens, or says that they don't fit. What is larger than the bound fits where nothing else is. */
  reserve(share: Share, tokens: number): boolean {
    if (!this.fits(share, tokens)) return false
    this.correct(share, tokens)
    return true
  }

  fits(share: Share, tokens: number): boolean {
    const used = this.#used[share]
    const limit = share === 'feed' ? this.#feedBound() : this.bound()
    return tokens === 0 || used === 0 || used + tokens <= limit
  }

  /** Changes what was taken: tokenising showed another number than was estimated. */
  correct(share: Share, tokens: number): void {
    this.#used[share] += tokens
    this.#peak = Math.max(this.#peak, this.used())
  }

  release(share: Share, tokens: number): void {
    this.#used[share] -= tokens
    if (share === 'feed') this.wake()
  }

  /** Resolves when tokens of those who wait were released. One waits at a time. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomWaiter = resolve
    })
  }

  wake(): void {
    const waiter = this.#roomWaiter
    this.#roomWaiter = null
    waiter?.()
  }

  /** Seconds until `tokens` more should fit, at the measured rate, from 1 to 30. */
  retryAfterSeconds(share: Share, tokens: number): number {
    const ahead = share === 'interactive' ? this.#used.interactive : this.used()
    const over = ahead + tokens - Math.max(this.bound(), tokens)
    const rate = this.#rate.tokensPerSecond() ?? this.bound()
    return Math.min(Math.max(Math.ceil(over / rate), 1), MAX_RETRY_SECONDS)
  }

  used(): number {
    return this.#used.interactive + this.#used.bulk + this.#used.feed
  }

  /** The most tokens at once since the last call. */
  takePeak(): number {
    const peak = this.#peak
    this.#peak = this.used()
    return peak
  }

  #feedBound(): number {
    return Math.min(FEED_BATCHES * this.#limits.batchTokens * this.#limits.workers, this.#limits.maxQueueTokens)
  }
}
