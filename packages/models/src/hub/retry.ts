// When to try again: an error that another try may mend, and how long to wait before it.
import { ModelsError, type ModelsErrorCode } from '../errors.ts'

const FIRST_WAIT_MS = 500
const LONGEST_BACKOFF_MS = 30_000
/** The Hub counts requests over five minutes. */
export const LONGEST_WAIT_MS = 300_000

/** An error that may be gone at the next try. */
export class RetryableError extends ModelsError {
  /** How long the server asked us to wait, in milliseconds, where it did. */
  readonly askedMs: number | null

  constructor(code: ModelsErrorCode, message: string, askedMs: number | null = null, options?: ErrorOptions) {
    super(code, message, options)
    this.askedMs = askedMs
  }
}

/**
 * Milliseconds to wait after the given number of failures: twice as long each time, at random between half of it and all
 * of it, and never less than the server asked for. Null where the server asked for longer than anyone would wait.
 */
export function planWait(failures: number, askedMs: number | null, random: () => number): number | null {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * 2 ** (failures - 1))
  const backoff = full * (0.5 + random() / 2)
  if (askedMs === null) return backoff
  return askedMs > LONGEST_WAIT_MS ? null : askedMs + backoff
}

/** Milliseconds that `Retry-After` (seconds or a date) or the Hub's `RateLimit` (`"api";r=0;t=55`) ask for, or null. */
export function readRetryAfter(headers: Headers, now: number): number | null {
  const after = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(after)) return Number(after) * 1000
  const date = Date.parse(after)
  if (!Number.isNaN(date)) return Math.max(0, date - now)
  const limit = /;\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/.exec(headers.get('ratelimit') ?? '')
  return limit === null ? null : Number(limit[1]) * 1000
}
