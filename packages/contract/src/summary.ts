// What the posts of a file say together: split, net sentiment, timeline, strongest posts.
import { Type } from 'typebox'
import { EXAMPLE_POST, type ScoredPost, ScoredPostSchema } from './post.ts'
import { type Component, component, nullable, reference, words } from './schema.ts'
import type { Sentiment } from './sentiment.ts'

/** A share with its 95 % (Wilson) interval. */
export interface SentimentShare {
  n: number
  share: number
  low: number
  high: number
}

export type SentimentSplit = Record<Sentiment, SentimentShare>

/** Share of positive minus share of negative posts, in points from -100 to 100, with its 95 % interval. */
export interface NetSentiment {
  points: number
  low: number
  high: number
  n: number
}

export const TIMELINE_UNITS = ['hour', 'day', 'week', 'month', 'year'] as const
export type TimelineUnit = (typeof TIMELINE_UNITS)[number]

export interface TimelineBucket {
  start: string
  n: number
  negative: number
  neutral: number
  positive: number
  net: { points: number; low: number; high: number } | null
}

export interface Timeline {
  unit: TimelineUnit
  buckets: TimelineBucket[]
}

export interface ScoringSummary {
  rows: number
  scored: number
  rejected: number
  split: SentimentSplit
  net: NetSentiment | null
  timeline: Timeline | null
  undated: number
  strongest: Record<Sentiment, ScoredPost[]>
}

const count = Type.Integer({ minimum: 0 })
const points = Type.Number({ minimum: -100, maximum: 100 })

export const SentimentShareSchema: Component<SentimentShare> = component<SentimentShare>()(
  'SentimentShare',
  Type.Object(
    { n: count, share: Type.Number(), low: Type.Number(), high: Type.Number() },
    {
      description: 'A share from 0 to 1 with its 95 % Wilson interval.',
      examples: [{ n: 25, share: 0.25, low: 0.175, high: 0.343 }],
    },
  ),
)

export const NetSentimentSchema: Component<NetSentiment> = component<NetSentiment>()(
  'NetSentiment',
  Type.Object(
    { points, low: points, high: points, n: count },
    {
      description:
        'Share of positive minus share of negative posts, in points from -100 to 100, with its 95 % interval.',
      examples: [{ points: -8, low: -12, high: -4, n: 1204 }],
    },
  ),
)

const bucketNetSchema = component<{ points: number; low: number; high: number }>()(
  'BucketNet',
  Type.Object({ points, low: points, high: points }, { description: 'Net sentiment of one bucket.' }),
)

const EXAMPLE_BUCKET: TimelineBucket = {
  start: '2026-01-02T00:00:00.000Z',
  n: 4,
  negative: 1,
  neutral: 1,
  positive: 2,
  net: { points: 25, low: -49, high: 74 },
}

export const TimelineSchema: Component<Timeline> = component<Timeline>()(
  'Timeline',
  Type.Object(
    {
      unit: words(TIMELINE_UNITS),
      buckets: Type.Array(
        Type.Object({
          start: Type.String({ format: 'date-time', description: 'UTC, inclusive.' }),
          n: count,
          negative: count,
          neutral: count,
          positive: count,
          net: nullable(bucketNetSchema),
        }),
      ),
    },
    {
      description: 'The split over time, without gaps: a bucket without posts has n = 0.',
      examples: [{ unit: 'day', buckets: [EXAMPLE_BUCKET] }],
    },
  ),
)

export const ScoringSummarySchema: Component<ScoringSummary> = component<ScoringSummary>()(
  'ScoringSummary',
  Type.Object(
    {
      rows: count,
      scored: count,
      rejected: count,
      split: Type.Object({
        negative: reference(SentimentShareSchema),
        neutral: reference(SentimentShareSchema),
        positive: reference(SentimentShareSchema),
      }),
      net: nullable(NetSentimentSchema),
      timeline: nullable(TimelineSchema),
      undated: Type.Integer({ minimum: 0, description: 'Scored posts that are not on the timeline.' }),
      strongest: Type.Object(
        {
          negative: Type.Array(reference(ScoredPostSchema)),
          neutral: Type.Array(reference(ScoredPostSchema)),
          positive: Type.Array(reference(ScoredPostSchema)),
        },
        { description: 'The posts that the model is surest about, each distinct text once.' },
      ),
    },
    {
      description: 'What the posts of a file say together. `timeline` is null where no row has a date.',
      examples: [
        {
          rows: 101,
          scored: 100,
          rejected: 1,
          split: {
            negative: { n: 25, share: 0.25, low: 0.175, high: 0.343 },
            neutral: { n: 40, share: 0.4, low: 0.309, high: 0.498 },
            positive: { n: 35, share: 0.35, low: 0.264, high: 0.447 },
          },
          net: { points: 10, low: -5, high: 25, n: 100 },
          timeline: { unit: 'day', buckets: [EXAMPLE_BUCKET] },
          undated: 96,
          strongest: { negative: [], neutral: [], positive: [EXAMPLE_POST] },
        },
      ],
    },
  ),
)

export const BucketNetSchema: Component<{ points: number; low: number; high: number }> = bucketNetSchema
