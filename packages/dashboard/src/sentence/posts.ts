// Which posts a filter means, in words, and how many they are.
import type { PostFilter } from '../api/paths.ts'
import type { ScoringSummary, TimelineBucket } from '../api/types.ts'
import { formatCount, formatNoun } from '../format/number.ts'
import { endOfBucket, formatBucket, formatPeriod } from '../format/time.ts'

/** "412 negative posts", "120 posts, 14 March 2024". */
export function describeFilter(filter: PostFilter, summary: ScoringSummary | null): string {
  const count = countPosts(filter, summary)
  const kind = filter.label === null ? '' : `${filter.label} `
  const posts = count === null ? `${capitalise(kind)}posts`.trim() : describeCount(count, kind)
  const when = describeWhen(filter, summary)
  return when === '' ? posts : `${posts}, ${when}`
}

/** null where the filter is not one of the summary's own numbers. */
export function countPosts(filter: PostFilter, summary: ScoringSummary | null): number | null {
  if (summary === null) return null
  if (filter.from === null && filter.to === null) {
    return filter.label === null ? summary.scored : summary.split[filter.label].n
  }
  const bucket = findBucket(filter, summary)
  if (bucket === null) return null
  return filter.label === null ? bucket.n : bucket[filter.label]
}

function describeCount(count: number, kind: string): string {
  return kind === '' ? formatNoun(count, 'post') : `${formatCount(count)} ${kind}${count === 1 ? 'post' : 'posts'}`
}

function describeWhen(filter: PostFilter, summary: ScoringSummary | null): string {
  const bucket = findBucket(filter, summary)
  if (bucket !== null && summary?.timeline) return formatBucket(new Date(bucket.start), summary.timeline.unit)
  if (filter.from === null || filter.to === null) return ''
  const from = new Date(filter.from)
  const to = new Date(filter.to)
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return ''
  return formatPeriod(from, to, 'day')
}

function findBucket(filter: PostFilter, summary: ScoringSummary | null): TimelineBucket | null {
  const timeline = summary?.timeline
  if (timeline == null || filter.from === null || filter.to === null) return null
  const from = new Date(filter.from).getTime()
  const to = new Date(filter.to).getTime()
  return (
    timeline.buckets.find((bucket) => {
      const start = new Date(bucket.start)
      return start.getTime() === from && endOfBucket(start, timeline.unit).getTime() === to
    }) ?? null
  )
}

function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
