// Did net sentiment change over a timeline? Compared once, half against half, and said only if the numbers carry it.

import type { Timeline, TimelineBucket } from '../api/types.ts'
import { endOfBucket } from '../format/time.ts'
import { type Net, netOf, subtractCounts, sumCounts } from './net.ts'

export interface Span {
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
  readonly n: number
  readonly points: number
  readonly low: number
  readonly high: number
}

export interface Change {
  readonly before: Span
  readonly after: Span
  /** after − before, in points. */
  readonly difference: number
  /** The 95 % interval of the difference leaves out zero. */
  readonly supported: boolean
}

const Z95 = 1.96

/**
 * Compares the earlier half of the period with the later half (by time, so that the cut is not picked to please).
 * null where either half has too few posts to say anything of.
 */
export function compareHalves(timeline: Timeline, fewest: number): Change | null {
  const middle = Math.ceil(timeline.buckets.length / 2)
  const before = spanOf(timeline, timeline.buckets.slice(0, middle))
  const after = spanOf(timeline, timeline.buckets.slice(middle))
  if (before === null || after === null || before.n < fewest || after.n < fewest) return null
  const difference = after.points - before.points
  const margin = Z95 * Math.hypot(before.error, after.error)
  return { before, after, difference, supported: Math.abs(difference) > margin }
}

export interface Standout {
  readonly bucket: TimelineBucket
  readonly span: Span
  readonly rest: Span
}

/**
 * The bucket that lies farthest from all others together, if its distance holds after as many comparisons as there are
 * buckets (Bonferroni); null where none does.
 */
export function findStandout(timeline: Timeline, fewest: number): Standout | null {
  const candidates = timeline.buckets.filter((bucket) => bucket.n >= fewest)
  if (candidates.length < 4) return null
  const z = quantile(1 - 0.025 / candidates.length)
  const all = sumCounts(timeline.buckets)
  let best: Standout | null = null
  let bestDistance = z
  for (const bucket of candidates) {
    const span = spanOf(timeline, [bucket])
    const rest = netOf(subtractCounts(all, bucket))
    if (span === null || rest === null || rest.n < fewest) continue
    const distance = Math.abs(span.points - rest.points) / Math.hypot(span.error, rest.error)
    if (distance <= bestDistance) continue
    best = { bucket, span, rest: { ...rest, from: span.from, to: span.to } }
    bestDistance = distance
  }
  return best
}

function spanOf(timeline: Timeline, buckets: readonly TimelineBucket[]): (Span & Net) | null {
  const filled = buckets.filter((bucket) => bucket.n > 0)
  const first = filled[0]
  const last = filled.at(-1)
  const numbers = netOf(sumCounts(filled))
  if (first === undefined || last === undefined || numbers === null) return null
  return { ...numbers, from: new Date(first.start), to: endOfBucket(new Date(last.start), timeline.unit) }
}

/** Upper quantile of the normal distribution, for p near 1 (Abramowitz and Stegun 26.2.23, error below 4.5e-4). */
function quantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - p))
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3)
}
