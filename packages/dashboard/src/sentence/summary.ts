// The answer in words: what the posts of a file say, and what changed, only as far as the numbers carry it.

import type { Change, ScoringSummary, SentimentSplit, Standout, Timeline } from '../api/types.ts'
import { formatCount, formatNet, formatNoun, formatPoints } from '../format/number.ts'
import { formatBucket, formatPeriod } from '../format/time.ts'

export interface Answer {
  /** One sentence, in large type. */
  readonly headline: string
  /** What changed over time, or that nothing can be said; empty without dates. */
  readonly details: readonly string[]
}

export function describeSummary(summary: ScoringSummary): Answer {
  if (summary.scored === 0) return { headline: 'No post in this file could be scored.', details: [] }
  if (summary.too_few || summary.net === null) {
    return {
      headline: `${formatNoun(summary.scored, 'post')}: ${describeCounts(summary.split)}.`,
      details: ['Too few to speak of percentages or of a trend, so these are the counts.'],
    }
  }
  const headline = `Net sentiment is ${formatNet(summary.net)} over ${formatNoun(summary.net.n, 'post')}: ${leaning(summary)}.`
  return { headline, details: summary.timeline === null ? [] : describeCourse(summary, summary.timeline) }
}

/** "3 negative, 1 neutral, 0 positive". */
export function describeCounts(split: SentimentSplit): string {
  return `${formatCount(split.negative.n)} negative, ${formatCount(split.neutral.n)} neutral, ${formatCount(split.positive.n)} positive`
}

function leaning(summary: ScoringSummary): string {
  const net = summary.net
  if (net === null || (net.low <= 0 && net.high >= 0)) return 'about as many negative posts as positive ones'
  return net.points > 0 ? 'more positive posts than negative ones' : 'more negative posts than positive ones'
}

function describeCourse({ change, standout }: ScoringSummary, timeline: Timeline): readonly string[] {
  if (timeline.buckets.length < 2) return []
  const dated = timeline.buckets.reduce((sum, bucket) => sum + bucket.n, 0)
  const sentences = [describeChange(change, dated, timeline)]
  if (standout !== null) sentences.push(describeStandout(standout, timeline))
  return sentences
}

function describeChange(change: Change | null, dated: number, timeline: Timeline): string {
  if (change === null) return `No change that ${these(dated)} could show.`
  const { before, after, difference } = change
  const earlier = formatPeriod(new Date(before.from), new Date(before.to), timeline.unit)
  const later = formatPeriod(new Date(after.from), new Date(after.to), timeline.unit)
  if (!change.supported) return `No change that ${these(dated)} could show between ${earlier} and ${later}.`
  const verb = difference.points > 0 ? 'rose' : 'fell'
  const points = formatNoun(Math.round(Math.abs(difference.points)), 'point')
  return `It ${verb} ${points}, from ${formatNet(before.net)} (${earlier}) to ${formatNet(after.net)} (${later}).`
}

function these(posts: number): string {
  return posts === 1 ? 'this one post' : `these ${formatCount(posts)} posts`
}

function describeStandout(standout: Standout, timeline: Timeline): string {
  const name = capitalise(formatBucket(new Date(standout.start), timeline.unit))
  return `${name} stands out: ${formatNet(standout.net)} over ${formatNoun(standout.net.n, 'post')}, against ${formatPoints(standout.rest.points)} in the rest.`
}

function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Why there is no chart over time; null where there is one. */
export function whyNoChart(summary: ScoringSummary, hasDates: boolean): string | null {
  const { timeline } = summary
  const first = timeline?.buckets[0]
  if (timeline === null || first === undefined) {
    return hasDates
      ? 'No row has a date that could be read, so there is no chart over time.'
      : 'No column holds dates, so there is no chart over time.'
  }
  if (summary.too_few) return 'Too few posts for a chart over time.'
  if (timeline.buckets.length > 1) return null
  const when = formatBucket(new Date(first.start), timeline.unit)
  return `All posts with a date are of one ${timeline.unit}, ${when}, so there is no chart over time.`
}

/** What the chart shows, for its title: it names the direction only where the numbers carry it. */
export function titleOfChart({ change }: ScoringSummary): string {
  if (change?.supported !== true) return 'Net sentiment over time'
  return change.difference.points > 0 ? 'Net sentiment rose' : 'Net sentiment fell'
}
