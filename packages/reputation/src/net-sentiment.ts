// The two numbers a reader sees first: net sentiment and the split, each with its 95 % interval.
import { differenceInterval, wilsonInterval, Z_95 } from './intervals.ts'
import type { Sentiment, SentimentCounts } from './sentiment.ts'
import { SENTIMENTS, totalOf } from './sentiment.ts'

/** Points from −100 (all negative) to 100 (all positive), with a 95 % interval where no other level is asked for. */
export interface NetSentiment {
  readonly points: number
  readonly low: number
  readonly high: number
  readonly n: number
}

export interface SentimentShare {
  readonly n: number
  /** 0 to 1; 0 where there are no posts. */
  readonly share: number
  readonly low: number
  readonly high: number
}

export type SentimentSplit = Readonly<Record<Sentiment, SentimentShare>>

/**
 * Share of positive posts minus share of negative ones, in points; null without posts.
 * The interval is an adjusted Wald one (see `differenceInterval`). It speaks of the chance of the sample, not of the
 * chance that the model is wrong.
 */
export function netSentiment(counts: Readonly<SentimentCounts>, z: number = Z_95): NetSentiment | null {
  const n = totalOf(counts)
  if (n === 0) return null
  const { low, high } = differenceInterval(counts.positive, counts.negative, n, z)
  return { points: (100 * (counts.positive - counts.negative)) / n, low: 100 * low, high: 100 * high, n }
}

/** Each sentiment's count and share, with Wilson's 95 % interval. */
export function sentimentSplit(counts: Readonly<SentimentCounts>): SentimentSplit {
  const n = totalOf(counts)
  const shares = SENTIMENTS.map((label): [Sentiment, SentimentShare] => {
    const hits = counts[label]
    return [label, { n: hits, share: n === 0 ? 0 : hits / n, ...wilsonInterval(hits, n) }]
  })
  return Object.fromEntries(shares) as Record<Sentiment, SentimentShare>
}
