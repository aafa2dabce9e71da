// Token buckets: how often somebody may do something.

const MOST_BUCKETS = 10_000

export interface RateLimiter {
  /** Takes `cost` tokens; 0, or the seconds until there would be enough. */
  take(who: string, cost?: number): number
  /** The seconds until there is a token, without taking one; 0 if there is one. */
  wait(who: string): number
}

export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

export function createRateLimiter(limit: RateLimit, now: () => number): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>()

  function fill(who: string): { tokens: number; at: number } {
    const time = now()
    const bucket = buckets.get(who) ?? { tokens: limit.burst, at: time }
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((time - bucket.at) / 1000) * limit.perSecond)
    bucket.at = time
    return bucket
  }

  function waitFor(tokens: number, cost: number): number {
    return tokens >= cost ? 0 : Math.max(1, Math.ceil((cost - tokens) / limit.perSecond))
  }

  return {
    take(who, cost = 1) {
      const bucket = fill(who)
      const seconds = waitFor(bucket.tokens, cost)
      if (seconds === 0) bucket.tokens -= cost
      // The one used longest ago goes first; who comes back later starts with a full bucket, which a full table allows.
      buckets.delete(who)
      buckets.set(who, bucket)
      const [oldest] = buckets.keys()
      if (buckets.size > MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest)
      return seconds
    },
    wait(who) {
      return waitFor(fill(who).tokens, 1)
    },
  }
}
