// What changed over a timeline: half against half, and the one bucket that stands out, said only if the posts carry it.
import { bucketIndex, bucketStart } from './calendar.ts'
import { type Estimate, type Interval, independentDifference, normalQuantile } from './intervals.ts'
import { type NetSentiment, netSentiment } from './net-sentiment.ts'
import { FEW_POSTS } from './sample-size.ts'
import { type SentimentCounts, sumCounts } from './sentiment.ts'
import type { TimeBucket, TimelineResult } from './timeline.ts'

/** A stretch of the timeline, from its first bucket with a post to its last; ISO 8601, UTC. */
export interface Period {
  readonly from: string
  /** Exclusive. */
  readonly to: string
  readonly net: NetSentiment
}

export interface Change {
  readonly before: Period
  readonly after: Period
  /** Later minus earlier, in points from −200 to 200, with its 95 % interval. */
  readonly difference: { readonly points: number; readonly low: number; readonly high: number }
  /** The interval leaves out zero. */
  readonly supported: boolean
}

export interface Standout {
  /** Of the bucket. */
  readonly start: string
  readonly net: NetSentiment
  /** All other buckets together. */
  readonly rest: NetSentiment
}

/** Fewer buckets than this have no usual from which one could stand out. */
const FEWEST_CANDIDATES = 4

/**
 * Compares the earlier half of the period with the later one; the cut is made by time, so that it isn't picked to
 * please. null where either half has fewer than 20 posts. The interval is MOVER's (see `independentDifference`).
 */
export function compareHalves({ unit, buckets }: TimelineResult): Change | null {
  const middle = Math.ceil(buckets.length / 2)
  const before = periodOf(buckets.slice(0, middle), unit)
  const after = periodOf(buckets.slice(middle), unit)
  if (before === null || after === null) return null
  const { low, high } = independentDifference(toEstimate(before.net), toEstimate(after.net))
  const difference = { points: after.net.points - before.net.points, low, high }
  return { before, after, difference, supported: leavesOutZero(difference) }
}

/**
 * The bucket that lies farthest from all others together, measured in margins of error, if its distance holds after
 * as many comparisons as there are buckets with 20 posts or more (Bonferroni's correction: each is made at 5 % divided
 * by their number); null where none does.
 */
export function findStandout({ buckets }: TimelineResult): Standout | null {
  const candidates = buckets.filter(({ n }) => n >= FEW_POSTS)
  if (candidates.length < FEWEST_CANDIDATES) return null
  const z = normalQuantile(1 - 0.025 / candidates.length)
  const all = sumCounts(buckets)
  let farthest = 1
  let found: Standout | null = null
  for (const bucket of candidates) {
    const others = subtract(all, bucket)
    const distance = distanceOf(others, bucket, z)
    if (distance <= farthest) continue
    farthest = distance
    found = { start: bucket.start, net: netSentiment(bucket)!, rest: netSentiment(others)! }
  }
  return found
}

/** How many margins of error lie between two nets; above 1 the interval of their difference leaves out zero. */
function distanceOf(others: SentimentCounts, bucket: TimeBucket, z: number): number {
  const rest = netSentiment(others, z)
  const net = netSentiment(bucket, z)
  if (rest === null || net === null || rest.n < FEW_POSTS) return 0
  const { low, high } = independentDifference(toEstimate(rest), toEstimate(net))
  const difference = net.points - rest.points
  return difference > 0 ? difference / (difference - low) : difference / (difference - high)
}

function periodOf(buckets: readonly TimeBucket[], unit: TimelineResult['unit']): Period | null {
  const filled = buckets.filter(({ n }) => n > 0)
  const net = netSentiment(sumCounts(filled))
  const first = filled[0]
  const last = filled.at(-1)
  if (first === undefined || last === undefined || net === null || net.n < FEW_POSTS) return null
  const end = bucketStart(bucketIndex(Date.parse(last.start), unit) + 1, unit)
  return { from: first.start, to: new Date(end).toISOString(), net }
}

function subtract(all: Readonly<SentimentCounts>, part: Readonly<SentimentCounts>): SentimentCounts {
  return {
    negative: all.negative - part.negative,
    neutral: all.neutral - part.neutral,
    positive: all.positive - part.positive,
  }
}

function toEstimate({ points, low, high }: NetSentiment): Estimate {
  return { value: points, low, high }
}

function leavesOutZero({ low, high }: Interval): boolean {
  return low > 0 || high < 0
}
