// Sentiment over time: counts per UTC bucket, coarser as the span grows, in bounded memory.
import type { TimeUnit } from './calendar.ts'
import { bucketIndex, bucketStart, TIME_UNITS } from './calendar.ts'
import type { NetSentiment } from './net-sentiment.ts'
import { netSentiment } from './net-sentiment.ts'
import type { Sentiment, SentimentCounts } from './sentiment.ts'
import { emptyCounts, totalOf } from './sentiment.ts'

/** More buckets than this never come out; the unit gets coarser first. */
export const MAX_BUCKETS = 400
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
 * Counts posts per hour while all of them fit in 400 hours, and per day always; weeks (from Monday), months and years
 * are put together when the buckets are read. So at most 400 hours and some 47,000 days are held, whatever comes in.
 * Where every date is a bare day, the unit is never finer than a day.
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
      if (hours !== null && timesOfDay) return { unit: 'hour', buckets: fillBuckets(hours, 'hour') }
      const unit = unitForSpan(first, last)
      return { unit, buckets: fillBuckets(unit === 'day' ? days : gatherDays(days, unit), unit) }
    },
    undated: () => undated,
  }
}

function count(buckets: Map<number, SentimentCounts>, index: number, label: Sentiment): void {
  const counts = buckets.get(index) ?? emptyCounts()
  if (counts[label]++ === 0) buckets.set(index, counts)
}

function unitForSpan(first: number, last: number): TimeUnit {
  const coarser = TIME_UNITS.filter((unit) => unit !== 'hour')
  return coarser.find((unit) => bucketIndex(last, unit) - bucketIndex(first, unit) < MAX_BUCKETS) ?? 'year'
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
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const index of counted.keys()) {
    low = Math.min(low, index)
    high = Math.max(high, index)
  }
  return Array.from({ length: high - low + 1 }, (_, offset) => {
    const counts = counted.get(low + offset) ?? emptyCounts()
    const net = netSentiment(counts)
    return {
      start: new Date(bucketStart(low + offset, unit)).toISOString(),
      n: totalOf(counts),
      ...counts,
      net: net && { points: net.points, low: net.low, high: net.high },
    }
  })
}
