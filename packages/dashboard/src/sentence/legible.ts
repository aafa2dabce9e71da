// Chooses the unit of time that a chart can be read in, and puts finer buckets together.
import type { ScoringSummary, Timeline, TimelineBucket, TimelineUnit } from '../api/types.ts'
import { netOf, sumCounts } from './net.ts'
import { THIN_POSTS } from './thresholds.ts'

const UNITS: readonly TimelineUnit[] = ['hour', 'day', 'week', 'month', 'year']
/** A quarter of days; more points than this are a thicket. */
const MOST_BUCKETS = 92
/** Fewer points than this are no line. */
const FEWEST_BUCKETS = 6

/** The summary with its timeline in the unit that reads best; everything on the page speaks of the same buckets. */
export function makeLegible(summary: ScoringSummary): ScoringSummary {
  return summary.timeline === null ? summary : { ...summary, timeline: chooseUnit(summary.timeline) }
}

/**
 * The finest unit with at most 92 buckets of which half or more hold enough posts to say something; where posts are
 * too thin for that in any unit, the finest with at most 92.
 */
export function chooseUnit(timeline: Timeline): Timeline {
  const candidates = UNITS.slice(UNITS.indexOf(timeline.unit))
    .map((unit) => gather(timeline, unit))
    .filter(({ buckets }) => buckets.length <= MOST_BUCKETS)
  const telling = candidates.find(({ buckets }) => buckets.length >= FEWEST_BUCKETS && isTelling(buckets))
  return telling ?? candidates[0] ?? timeline
}

function isTelling(buckets: readonly TimelineBucket[]): boolean {
  return buckets.filter(({ n }) => n >= THIN_POSTS).length * 2 >= buckets.length
}

function gather(timeline: Timeline, unit: TimelineUnit): Timeline {
  if (unit === timeline.unit) return timeline
  const groups = new Map<number, TimelineBucket[]>()
  for (const bucket of timeline.buckets) {
    const start = startOfBucket(new Date(bucket.start), unit).getTime()
    const group = groups.get(start)
    if (group === undefined) groups.set(start, [bucket])
    else group.push(bucket)
  }
  return { unit, buckets: [...groups].map(([start, group]) => join(new Date(start), group)) }
}

function join(start: Date, group: readonly TimelineBucket[]): TimelineBucket {
  const counts = sumCounts(group)
  const net = netOf(counts)
  return {
    start: start.toISOString(),
    n: counts.negative + counts.neutral + counts.positive,
    ...counts,
    net: net === null ? null : { points: net.points, low: net.low, high: net.high },
  }
}

/** The bucket of a moment, in UTC; weeks start on Monday. */
function startOfBucket(moment: Date, unit: TimelineUnit): Date {
  const year = moment.getUTCFullYear()
  const month = moment.getUTCMonth()
  const day = moment.getUTCDate()
  switch (unit) {
    case 'hour':
      return new Date(Date.UTC(year, month, day, moment.getUTCHours()))
    case 'day':
      return new Date(Date.UTC(year, month, day))
    case 'week':
      return new Date(Date.UTC(year, month, day - ((moment.getUTCDay() + 6) % 7)))
    case 'month':
      return new Date(Date.UTC(year, month, 1))
    case 'year':
      return new Date(Date.UTC(year, 0, 1))
  }
}
