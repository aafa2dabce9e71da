// Sentiment over time: counts per UTC bucket, in the finest unit that can be read, in bounded memory.
import type { TimeUnit } from './calendar.ts'
import { bucketIndex, bucketStart, TIME_UNITS } from './calendar.ts'
import type { NetSentiment } from './net-sentiment.ts'
import { netSentiment } from './net-sentiment.ts'
import { THIN_POSTS } from './sample-size.ts'
import type { Sentiment, SentimentCounts } from './sentiment.ts'
import { emptyCounts, totalOf } from './sentiment.ts'

/** A quarter of days: more points than this are a thicket. */
export const MAX_BUCKETS = 92
/** Fewer points than this are no line. */
const MIN_BUCKETS = 6
/** Systems write the epoch's first day for "unknown", so a post's date starts after it. */
const EARLIEST = Date.UTC(1970, 0, 2)
const LATEST = Date.UTC(2100, 0)
const DAY = 86_400_000

export interface TimeBucket {
  /** ISO 8601, UTC. */
  readonly start: string
  readonly n: number
  readonly negative: number
  readonly neutral: number
  readonly positive: number
  /** Has posts, and fewer than 10: too few to say much. */
  readonly thin: boolean
  readonly net: Omit<NetSentiment, 'n'> | null
}

export interface TimelineResult {
  readonly unit: TimeUnit
  /** Consecutive, oldest first; a bucket without posts is there too. */
  readonly buckets: readonly TimeBucket[]
}

export interface Timeline {
  /** A missing date, or one before 1970-01-02 or after 2099, is counted as undated. */
  add(date: Date | null, label: Sentiment): void
  /** null while no post has a date. */
  buckets(): TimelineResult | null
  undated(): number
}

/**
 * Posts over time, in the finest unit with 6 to 92 buckets of which half or more hold enough posts to say something;
 * where posts are too thin for that in any unit, in the finest with at most 92 (years may be more). Where every date
 * is a bare day, the unit is never finer than a day.
 *
 * Hours are counted while all of them fit in 92, and days always; the rest is put together when the buckets are read.
 * So at most 92 hours and some 47,000 days are held, whatever comes in.
 */
export function createTimeline(): Timeline {
  const days = new Map<number, SentimentCounts>()
  let hours: Map<number, SentimentCounts> | null = new Map()
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let timesOfDay = false
  let undated = 0

  return {
    add(date, label) {
      const time = date === null ? Number.NaN : date.getTime()
      if (!(time >= EARLIEST && time < LATEST)) {
        undated++
        return
      }
      first = Math.min(first, time)
      last = Math.max(last, time)
      timesOfDay ||= time % DAY !== 0
      if (hours !== null && bucketIndex(last, 'hour') - bucketIndex(first, 'hour') >= MAX_BUCKETS) hours = null
      if (hours !== null) count(hours, bucketIndex(time, 'hour'), label)
      count(days, bucketIndex(time, 'day'), label)
    },
    buckets() {
      if (days.size === 0) return null
      const finest = hours !== null && timesOfDay ? [{ unit: 'hour' as const, counted: hours }] : []
      const coarser = unitsForSpan(first, last).map((unit) => ({ unit, counted: gatherDays(days, unit) }))
      const { unit, counted } = pickLegible([...finest, ...coarser])
      return { unit, buckets: fillBuckets(counted, unit) }
    },
    undated: () => undated,
  }
}

function count(buckets: Map<number, SentimentCounts>, index: number, label: Sentiment): void {
  const counts = buckets.get(index) ?? emptyCounts()
  if (counts[label]++ === 0) buckets.set(index, counts)
}

/** Counts per bucket of a unit; buckets without posts are left out. */
interface Reading {
  readonly unit: TimeUnit
  readonly counted: ReadonlyMap<number, SentimentCounts>
}

/** The units from days on in which the span has at most 92 buckets, finest first; years at the least. */
function unitsForSpan(first: number, last: number): readonly TimeUnit[] {
  const fits = (unit: TimeUnit): boolean => bucketIndex(last, unit) - bucketIndex(first, unit) < MAX_BUCKETS
  return TIME_UNITS.filter((unit) => unit === 'year' || (unit !== 'hour' && fits(unit)))
}

function pickLegible(readings: readonly Reading[]): Reading {
  return readings.find(({ counted }) => isTelling(counted)) ?? readings[0]!
}

function isTelling(counted: Reading['counted']): boolean {
  const { low, high } = rangeOf(counted)
  const length = high - low + 1
  const full = [...counted.values()].filter((counts) => totalOf(counts) >= THIN_POSTS).length
  return length >= MIN_BUCKETS && full * 2 >= length
}

function gatherDays(days: ReadonlyMap<number, SentimentCounts>, unit: TimeUnit): Map<number, SentimentCounts> {
  const gathered = new Map<number, SentimentCounts>()
  for (const [day, counts] of days) {
    const index = bucketIndex(bucketStart(day, 'day'), unit)
    const sum = gathered.get(index) ?? emptyCounts()
    sum.negative += counts.negative
    sum.neutral += counts.neutral
    sum.positive += counts.positive
    gathered.set(index, sum)
  }
  return gathered
}

function fillBuckets(counted: ReadonlyMap<number, SentimentCounts>, unit: TimeUnit): TimeBucket[] {
  const { low, high } = rangeOf(counted)
  return Array.from({ length: high - low + 1 }, (_, offset) => {
    const counts = counted.get(low + offset) ?? emptyCounts()
    const n = totalOf(counts)
    const net = netSentiment(counts)
    return {
      start: new Date(bucketStart(low + offset, unit)).toISOString(),
      n,
      ...counts,
      thin: n > 0 && n < THIN_POSTS,
      net: net && { points: net.points, low: net.low, high: net.high },
    }
  })
}

function rangeOf(counted: ReadonlyMap<number, SentimentCounts>): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const index of counted.keys()) {
    low = Math.min(low, index)
    high = Math.max(high, index)
  }
  return { low, high }
}
