// What a gate said of a version: the verdict with its reasons, and the whole report.
import { Type } from 'typebox'
import { type Component, component, nullableString, words } from './schema.ts'

export const GATE_VERDICTS = ['pass', 'fail', 'undecidable'] as const
export type GateVerdict = (typeof GATE_VERDICTS)[number]

export interface GateSummary {
  verdict: GateVerdict
  created_at: string
  data_set: string
  split: string
  rows: number
  /** Hash of the champion that it was compared with; null where there was none. */
  champion: string | null
  /** Sentences of the rules that were not passed. */
  reasons: string[]
  /** Of gate.json. */
  sha256: string
  /** Whether the report is about this very model. */
  about_this: boolean
}

/** gate.json as the gate wrote it; what is named here is checked, the rest is passed on. */
export interface GateReport {
  kind: 'renown-gate'
  format: 1
  created: string
  verdict: GateVerdict
  candidate: { name: string; version: string; hash: string }
  references: { role: string; hash: string; skipped: string | null }[]
  data: { dataSet: string; split: string; rows: number }
  rules: { rule: string; subject: string; status: 'pass' | 'fail' | 'undecidable' | 'skipped'; sentence: string }[]
}

export const GateSummarySchema: Component<GateSummary> = component<GateSummary>()(
  'GateSummary',
  Type.Object(
    {
      verdict: words(GATE_VERDICTS),
      created_at: Type.String(),
      data_set: Type.String(),
      split: Type.String(),
      rows: Type.Integer({ minimum: 0 }),
      champion: nullableString({ description: 'Hash of the champion that it was compared with.' }),
      reasons: Type.Array(Type.String(), { description: 'A sentence for each rule that was not passed.' }),
      sha256: Type.String({ description: 'Of gate.json: the evidence of a promotion.' }),
      about_this: Type.Boolean({
        description: 'False where the report is about a model with another hash: then it says nothing of this one.',
      }),
    },
    {
      description: 'What the gate said.',
      examples: [
        {
          verdict: 'pass',
          created_at: '2026-03-01T09:00:00.000Z',
          data_set: 'tweet_eval/sentiment',
          split: 'test',
          rows: 12_284,
          champion: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
          reasons: [],
          sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          about_this: true,
        },
      ],
    },
  ),
)

const count = Type.Integer({ minimum: 0 })

export const GateReportSchema: Component<GateReport> = component<GateReport>()(
  'GateReport',
  Type.Object(
    {
      kind: Type.Literal('renown-gate'),
      format: Type.Literal(1),
      created: Type.String(),
      verdict: words(GATE_VERDICTS),
      candidate: Type.Object({ name: Type.String(), version: Type.String(), hash: Type.String() }),
      references: Type.Array(Type.Object({ role: Type.String(), hash: Type.String(), skipped: nullableString() })),
      data: Type.Object({ dataSet: Type.String(), split: Type.String(), rows: count }),
      rules: Type.Array(
        Type.Object({
          rule: Type.String(),
          subject: Type.String(),
          status: words([...GATE_VERDICTS, 'skipped']),
          sentence: Type.String(),
        }),
      ),
    },
    { description: 'The whole report of a gate, as it lies in the version: gate.json.' },
  ),
)
