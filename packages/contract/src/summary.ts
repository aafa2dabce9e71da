// What the posts of a file say together: split, net sentiment, timeline, what changed, strongest posts.
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
  /** Has posts, and too few to say much. */
  thin: boolean
  net: { points: number; low: number; high: number } | null
}

export interface Timeline {
  unit: TimelineUnit
  buckets: TimelineBucket[]
}

/** A stretch of the timeline; `to` is exclusive. */
export interface Period {
  from: string
  to: string
  net: NetSentiment
}

/** The earlier half of the timeline against the later one. */
export interface Change {
  before: Period
  after: Period
  /** Later minus earlier, in points from -200 to 200, with its 95 % interval. */
  difference: { points: number; low: number; high: number }
  /** The interval leaves out zero. */
  supported: boolean
}

/** The bucket that lies apart from all others. */
export interface Standout {
  start: string
  net: NetSentiment
  rest: NetSentiment
}

export interface ScoringSummary {
  rows: number
  scored: number
  rejected: number
  /** Their counts say more than any percentage. */
  too_few: boolean
  split: SentimentSplit
  net: NetSentiment | null
  timeline: Timeline | null
  undated: number
  change: Change | null
  standout: Standout | null
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
  thin: true,
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
          thin: Type.Boolean({ description: 'Has posts, and too few to say much: fewer than 10.' }),
          net: nullable(bucketNetSchema),
        }),
      ),
    },
    {
      description:
        'The split over time, in the finest unit that can be read, without gaps: a bucket without posts has n = 0.',
      examples: [{ unit: 'day', buckets: [EXAMPLE_BUCKET] }],
    },
  ),
)

const EXAMPLE_CHANGE: Change = {
  before: {
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-16T00:00:00.000Z',
    net: { points: 11, low: 4.7, high: 17.1, n: 600 },
  },
  after: {
    from: '2026-01-16T00:00:00.000Z',
    to: '2026-01-31T00:00:00.000Z',
    net: { points: -7.9, low: -14.4, high: -1.4, n: 604 },
  },
  difference: { points: -18.9, low: -27.8, high: -9.9 },
  supported: true,
}

const periodSchema = component<Period>()(
  'Period',
  Type.Object(
    {
      from: Type.String({ format: 'date-time', description: 'UTC, inclusive.' }),
      to: Type.String({ format: 'date-time', description: 'UTC, exclusive.' }),
      net: reference(NetSentimentSchema),
    },
    { description: 'Net sentiment of a stretch of the timeline.', examples: [EXAMPLE_CHANGE.before] },
  ),
)

const difference = Type.Number({ minimum: -200, maximum: 200 })

export const ChangeSchema: Component<Change> = component<Change>()(
  'Change',
  Type.Object(
    {
      before: reference(periodSchema),
      after: reference(periodSchema),
      difference: Type.Object(
        { points: difference, low: difference, high: difference },
        { description: 'After minus before, in points, with its 95 % interval (MOVER).' },
      ),
      supported: Type.Boolean({
        description: 'The interval leaves out zero. Where it is false, say that nothing shows.',
      }),
    },
    {
      description: 'The earlier half of the timeline against the later one; the cut is made by time.',
      examples: [EXAMPLE_CHANGE],
    },
  ),
)

const EXAMPLE_STANDOUT: Standout = {
  start: '2026-01-24T00:00:00.000Z',
  net: { points: -61.4, low: -76, high: -37.6, n: 44 },
  rest: { points: 3.9, low: -0.7, high: 8.4, n: 1160 },
}

export const StandoutSchema: Component<Standout> = component<Standout>()(
  'Standout',
  Type.Object(
    {
      start: Type.String({ format: 'date-time', description: 'The start of the bucket.' }),
      net: reference(NetSentimentSchema),
      rest: reference(NetSentimentSchema),
    },
    {
      description:
        'The bucket that lies farthest from all others together (`rest`), where that holds after as many comparisons as there are buckets (Bonferroni).',
      examples: [EXAMPLE_STANDOUT],
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
      too_few: Type.Boolean({
        description: 'Fewer than 20 posts are scored: their counts say more than any percentage.',
      }),
      split: Type.Object({
        negative: reference(SentimentShareSchema),
        neutral: reference(SentimentShareSchema),
        positive: reference(SentimentShareSchema),
      }),
      net: nullable(NetSentimentSchema),
      timeline: nullable(TimelineSchema),
      undated: Type.Integer({ minimum: 0, description: 'Scored posts that are not on the timeline.' }),
      change: nullable(ChangeSchema),
      standout: nullable(StandoutSchema),
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
      description:
        'What the posts of a file say together. `timeline` is null where no row has a date, `change` where a half has fewer than 20 posts, `standout` where no bucket lies apart for sure.',
      examples: [
        {
          rows: 101,
          scored: 100,
          rejected: 1,
          too_few: false,
          split: {
            negative: { n: 25, share: 0.25, low: 0.175, high: 0.343 },
            neutral: { n: 40, share: 0.4, low: 0.309, high: 0.498 },
            positive: { n: 35, share: 0.35, low: 0.264, high: 0.447 },
          },
          net: { points: 10, low: -5, high: 25, n: 100 },
          timeline: { unit: 'day', buckets: [EXAMPLE_BUCKET] },
          undated: 96,
          change: null,
          standout: null,
          strongest: { negative: [], neutral: [], positive: [EXAMPLE_POST] },
        },
      ],
    },
  ),
)

export const BucketNetSchema: Component<{ points: number; low: number; high: number }> = bucketNetSchema
export const PeriodSchema: Component<Period> = periodSchema
