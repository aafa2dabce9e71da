// One bucket in words: the same for pointer, keyboard and screen reader.
import type { Timeline } from '../api/types.ts'
import { formatCount, formatNet, formatNoun } from '../format/number.ts'
import { endOfBucket, formatBucket, formatPeriod } from '../format/time.ts'
import type { Point } from './points.ts'

export interface ReadOut {
  readonly when: string
  readonly net: string
  readonly posts: string
}

export function readPoint({ bucket, unfinished }: Point, unit: Timeline['unit']): ReadOut {
  const when = formatBucket(new Date(bucket.start), unit) + (unfinished ? ' (not over yet)' : '')
  if (bucket.net === null || bucket.n === 0) return { when, net: 'no posts', posts: '' }
  return {
    when,
    net: `Net ${formatNet(bucket.net)}${bucket.thin ? ', too few posts to say more' : ''}`,
    posts: `${formatNoun(bucket.n, 'post')}: ${formatCount(bucket.negative)} negative, ${formatCount(bucket.neutral)} neutral, ${formatCount(bucket.positive)} positive`,
  }
}

/** Measure, unit, period and n, for the line under the chart's title. */
export function describeTimeline(timeline: Timeline, scored: number): string {
  const first = timeline.buckets[0]
  const last = timeline.buckets.at(-1)
  const dated = timeline.buckets.reduce((sum, bucket) => sum + bucket.n, 0)
  if (first === undefined || last === undefined) return ''
  const period = formatPeriod(new Date(first.start), endOfBucket(new Date(last.start), timeline.unit), timeline.unit)
  const undated = scored - dated
  const rest = undated > 0 ? `; ${formatNoun(undated, 'post')} without a date not shown` : ''
  return `Points from −100 to +100 and number of posts by ${timeline.unit} (UTC), ${period}, n = ${formatCount(dated)}${rest}. The band is the 95% interval.`
}
