// Has the world changed, has the reputation changed, and how good is the model today.
import { Type } from 'typebox'
import { type Component, component, nullable, nullableNumber, words } from './schema.ts'
import { SENTIMENTS, type Sentiment } from './sentiment.ts'

export const DRIFT_VERDICTS = ['too_few', 'stable', 'news', 'drift', 'drift_and_news'] as const
export type DriftVerdictWord = (typeof DRIFT_VERDICTS)[number]

export const DRIFT_SEVERITIES = ['none', 'moderate', 'strong'] as const

export const DRIFT_FEATURES = [
  'length',
  'unknown',
  'pieces',
  'script',
  'language',
  'confidence',
  'entropy',
  'novelty',
  'words',
] as const

export const RETRAINING_REASONS = ['world_changed', 'estimated_accuracy_fell', 'sampled_accuracy_fell'] as const

export interface AccuracyEstimate {
  value: number
  low: number
  high: number
}

export interface DriftFinding {
  feature: (typeof DRIFT_FEATURES)[number]
  effect: number
  limit: number
  p: number
  severity: (typeof DRIFT_SEVERITIES)[number]
}

export interface LabelMix {
  before: Record<Sentiment, number>
  now: Record<Sentiment, number>
  corrected: Record<Sentiment, number>
  distance: number
  changed: boolean
  compared_with: 'reference' | 'earlier'
}

export interface Drift {
  model: string
  watched: boolean
  reference: { data_set: string; split: string; posts: number; accuracy: number | null } | null
  from: string | null
  to: string | null
  posts: number
  verdict: DriftVerdictWord
  severity: (typeof DRIFT_SEVERITIES)[number]
  recent: { verdict: DriftVerdictWord; severity: (typeof DRIFT_SEVERITIES)[number] } | null
  findings: DriftFinding[]
  mix: LabelMix | null
  estimated_accuracy: AccuracyEstimate | null
  sampled_accuracy: AccuracyEstimate | null
  labelled: number
  waiting: number
  keeps_texts: boolean
  retraining: (typeof RETRAINING_REASONS)[number][]
}

const share = Type.Number({ minimum: 0, maximum: 1 })
const count = Type.Integer({ minimum: 0 })
const shares = Type.Object({ negative: share, neutral: share, positive: share })

export const AccuracyEstimateSchema: Component<AccuracyEstimate> = component<AccuracyEstimate>()(
  'AccuracyEstimate',
  Type.Object(
    { value: share, low: share, high: share },
    {
      description: 'A share of right answers with its 95 % interval.',
      examples: [{ value: 0.71, low: 0.66, high: 0.76 }],
    },
  ),
)

const finding = Type.Object({
  feature: words(DRIFT_FEATURES),
  effect: Type.Number({ minimum: 0, description: 'Without what chance adds.' }),
  limit: Type.Number({ description: 'From which effect on it counts.' }),
  p: Type.Number({ description: 'Adjusted for the number of features.' }),
  severity: words(DRIFT_SEVERITIES),
})

export const LabelMixSchema: Component<LabelMix> = component<LabelMix>()(
  'LabelMix',
  Type.Object(
    {
      before: shares,
      now: shares,
      corrected: Type.Object(
        { negative: share, neutral: share, positive: share },
        { description: 'Now, with the usual mistakes of the model taken out.' },
      ),
      distance: Type.Number({ description: 'Half the sum of the differences.' }),
      changed: Type.Boolean(),
      compared_with: words(['reference', 'earlier'], { description: 'The reference, or the week before.' }),
    },
    {
      description: 'How often the model gave each label.',
      examples: [
        {
          before: { negative: 0.3, neutral: 0.45, positive: 0.25 },
          now: { negative: 0.5, neutral: 0.35, positive: 0.15 },
          corrected: { negative: 0.55, neutral: 0.3, positive: 0.15 },
          distance: 0.2,
          changed: true,
          compared_with: 'earlier',
        },
      ],
    },
  ),
)

const time = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' })

export const DriftSchema: Component<Drift> = component<Drift>()(
  'Drift',
  Type.Object(
    {
      model: Type.String(),
      watched: Type.Boolean({ description: 'False for a model without a reference profile.' }),
      reference: Type.Unsafe<Drift['reference']>({
        anyOf: [
          Type.Object({ data_set: Type.String(), split: Type.String(), posts: count, accuracy: nullableNumber() }),
          { type: 'null' },
        ],
        description: 'The posts that the model was measured on.',
      }),
      from: time,
      to: time,
      posts: Type.Integer({ minimum: 0, description: 'Distinct posts of the period.' }),
      verdict: words(DRIFT_VERDICTS, {
        description: '`drift`: the world changed; `news`: the reputation changed; `too_few`: too few posts to say.',
      }),
      severity: words(DRIFT_SEVERITIES, { description: 'Of the drift.' }),
      recent: Type.Unsafe<Drift['recent']>({
        anyOf: [Type.Object({ verdict: words(DRIFT_VERDICTS), severity: words(DRIFT_SEVERITIES) }), { type: 'null' }],
        description: 'Against the week before, which need not be like the reference.',
      }),
      findings: Type.Array(finding, { description: 'The one farthest beyond its limit first.' }),
      mix: nullable(LabelMixSchema),
      estimated_accuracy: nullable(AccuracyEstimateSchema),
      sampled_accuracy: nullable(AccuracyEstimateSchema),
      labelled: Type.Integer({ minimum: 0, description: 'Posts of the last seven days that people labelled.' }),
      waiting: Type.Integer({ minimum: 0, description: 'Texts that wait for a label.' }),
      keeps_texts: Type.Boolean({ description: 'Whether the settings allow that texts are kept to be labelled.' }),
      retraining: Type.Array(words(RETRAINING_REASONS), {
        description: 'Why a training is suggested; none is started.',
      }),
    },
    {
      description: 'What the posts of late say of the world, the reputation and the model.',
      examples: [
        {
          model: '2.0.0',
          watched: true,
          reference: { data_set: 'tweeteval-sentiment', split: 'test', posts: 12284, accuracy: 0.69 },
          from: '2026-01-01T03:00:00.000Z',
          to: '2026-01-02T03:04:05.000Z',
          posts: 2410,
          verdict: 'drift',
          severity: 'moderate',
          recent: { verdict: 'stable', severity: 'none' },
          findings: [{ feature: 'novelty', effect: 0.41, limit: 0.25, p: 0.00001, severity: 'moderate' }],
          mix: null,
          estimated_accuracy: { value: 0.68, low: 0.66, high: 0.7 },
          sampled_accuracy: null,
          labelled: 0,
          waiting: 0,
          keeps_texts: false,
          retraining: [],
        },
      ],
    },
  ),
)

export interface TextsToLabel {
  texts: { id: string; text: string }[]
  waiting: number
}

export const TextsToLabelSchema: Component<TextsToLabel> = component<TextsToLabel>()(
  'TextsToLabel',
  Type.Object(
    { texts: Type.Array(Type.Object({ id: Type.String(), text: Type.String() })), waiting: count },
    {
      description: "Recent texts without the model's answer, in no order.",
      examples: [{ texts: [{ id: 'Zm9vYmFyYmF6', text: 'The delivery was late again' }], waiting: 1 }],
    },
  ),
)

export interface LabelRequest {
  id: string
  label: Sentiment | 'unsure'
}

export const LabelRequestSchema: Component<LabelRequest> = component<LabelRequest>()(
  'LabelRequest',
  Type.Object(
    {
      id: Type.String({ minLength: 1, maxLength: 64 }),
      label: words([...SENTIMENTS, 'unsure'], { description: 'How the whole post feels; `unsure` leaves it out.' }),
    },
    {
      additionalProperties: false,
      description: 'What a person says of a text.',
      examples: [{ id: 'Zm9vYmFyYmF6', label: 'negative' }],
    },
  ),
)
