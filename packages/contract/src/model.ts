// The model that serves now: identity, how it is served, how well it does.
import { Type } from 'typebox'
import { type Component, component, nullableNumber, nullableString, reference, words } from './schema.ts'
import { SENTIMENTS } from './sentiment.ts'

export interface Metric {
  value: number
  low?: number
  high?: number
}

export interface ClassMetrics {
  label: string
  precision: number
  recall: number
  f1: number
  support: number
}

/** Scores of one served file on one data set, with 95 % intervals where known. */
export interface ModelEvaluation {
  file: string
  encoding?: string
  data_set: string
  split: string
  rows: number
  sha256: string
  file_sha256?: string
  date?: string
  metrics: Record<string, Metric>
  per_class?: ClassMetrics[]
  confusion?: number[][]
}

export interface Model {
  name: string
  version: string
  hash: string
  reference: string
  base: string | null
  license: string | null
  labels: string[]
  file: string
  encoding: string
  window: number | null
  temperature: number
  loaded_at: string
  evaluations: ModelEvaluation[]
  card: string
}

const metricSchema = Type.Object({
  value: Type.Number(),
  low: Type.Optional(Type.Number()),
  high: Type.Optional(Type.Number()),
})

const classSchema = Type.Object({
  label: Type.String(),
  precision: Type.Number(),
  recall: Type.Number(),
  f1: Type.Number(),
  support: Type.Integer(),
})

const EXAMPLE_EVALUATION: ModelEvaluation = {
  file: 'onnx/model_quantized.onnx',
  encoding: 'int8',
  data_set: 'tweet_eval/sentiment',
  split: 'test',
  rows: 12284,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  metrics: { macro_recall: { value: 0.701, low: 0.692, high: 0.709 } },
}

export const ModelEvaluationSchema: Component<ModelEvaluation> = component<ModelEvaluation>()(
  'ModelEvaluation',
  Type.Object(
    {
      file: Type.String({ description: 'The served file that was measured.' }),
      encoding: Type.Optional(Type.String({ description: 'How its weights were encoded in the session.' })),
      data_set: Type.String(),
      split: Type.String(),
      rows: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ description: 'Hash of the data.' }),
      file_sha256: Type.Optional(Type.String({ description: 'Hash that the model file had.' })),
      date: Type.Optional(Type.String()),
      metrics: Type.Record(Type.String(), metricSchema, { description: 'Each with its 95 % interval where known.' }),
      per_class: Type.Optional(Type.Array(classSchema)),
      confusion: Type.Optional(
        Type.Array(Type.Array(Type.Integer()), { description: 'Rows: truth. Columns: answer.' }),
      ),
    },
    { description: 'How well one served file does on one data set.', examples: [EXAMPLE_EVALUATION] },
  ),
)

export const ModelSchema: Component<Model> = component<Model>()(
  'Model',
  Type.Object(
    {
      name: Type.String(),
      version: Type.String(),
      hash: Type.String({ description: 'SHA-256 over the hashes of its files.' }),
      reference: Type.String({ description: 'How it was asked for: `default` or a folder.', examples: ['default'] }),
      base: nullableString({ description: 'The model that it was fine-tuned from.' }),
      license: nullableString(),
      labels: Type.Array(Type.String(), { examples: [[...SENTIMENTS]] }),
      file: Type.String({ description: 'The file that is served.' }),
      encoding: Type.String({ description: 'How the weights are encoded in the session.', examples: ['int8'] }),
      window: nullableNumber({ description: 'How many tokens are read at once.' }),
      temperature: Type.Number({ description: 'What the logits are divided by before the softmax.' }),
      loaded_at: Type.String({ format: 'date-time' }),
      evaluations: Type.Array(reference(ModelEvaluationSchema)),
      card: Type.String({ description: 'The model card, Markdown.' }),
    },
    {
      description: 'The model that serves now.',
      examples: [
        {
          name: 'renown-default',
          version: '1.0.0',
          hash: EXAMPLE_EVALUATION.sha256,
          reference: 'default',
          base: 'nreimers/MiniLM-L6-H384-uncased',
          license: 'mit',
          labels: [...SENTIMENTS],
          file: 'onnx/model_quantized.onnx',
          encoding: 'int8',
          window: 128,
          temperature: 1,
          loaded_at: '2026-01-02T03:04:05.000Z',
          evaluations: [EXAMPLE_EVALUATION],
          card: '# renown-default\n',
        },
      ],
    },
  ),
)

export const READINESS = ['ready', 'not_ready'] as const

export interface Health {
  status: 'live' | (typeof READINESS)[number]
  reason?: string | null
  notice?: string | null
}

export const HealthSchema: Component<Health> = component<Health>()(
  'Health',
  Type.Object(
    {
      status: words(['live', ...READINESS]),
      reason: Type.Optional(nullableString({ description: 'Why it is not ready.' })),
      notice: Type.Optional(
        nullableString({ description: 'What somebody should look at, although predictions are answered.' }),
      ),
    },
    { description: 'Whether the server lives, or is ready to predict.', examples: [{ status: 'ready', reason: null }] },
  ),
)
