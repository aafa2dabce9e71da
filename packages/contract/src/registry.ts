// The registry of models: versions, the aliases that name them, and who moved what, when and why.
import { Type } from 'typebox'
import { type GateSummary, GateSummarySchema } from './gate.ts'
import { type ModelEvaluation, ModelEvaluationSchema } from './model.ts'
import { type Evidence, EXAMPLE_HASH, evidenceField } from './registry-fields.ts'
import { type RegistryTask, RegistryTaskSchema } from './registry-task.ts'
import { type Component, component, nullable, nullableNumber, nullableString, reference, words } from './schema.ts'

/** A version as the list shows it. */
export interface RegistryVersion {
  version: string
  name: string
  model_version: string
  hash: string
  aliases: string[]
  added_at: string
  added_by: string
  reason: string
  bytes: number
  gate: GateSummary | null
}

/** A version and what its manifest says. */
export interface RegistryVersionDetails extends RegistryVersion {
  base: string | null
  parent: string | null
  license: string
  labels: string[]
  created_at: string
  trained_on: string[]
  files: Record<string, RegistryFile>
  reports: RegistryReport[]
  evaluations: ModelEvaluation[]
}

export interface RegistryFile {
  sha256: string
  bytes: number
}

/** Papers of a version that the API hands out. */
export const REGISTRY_REPORTS = ['gate.json', 'gate.html', 'report.html'] as const
export type RegistryReport = (typeof REGISTRY_REPORTS)[number]

export const ALIAS_MOVES = ['promoted', 'rolled-back'] as const
export type AliasMoveKind = (typeof ALIAS_MOVES)[number]

/** One version that an alias named, from when until when. */
export interface ServedPeriod {
  version: string
  from: string
  until: string | null
  kind: AliasMoveKind
  who: string
  reason: string
  evidence: Evidence[]
}

export interface RegistryAlias {
  alias: string
  current: ServedPeriod
  rollback_to: string | null
}

export interface Registry {
  versions: RegistryVersion[]
  aliases: RegistryAlias[]
  task: RegistryTask | null
}

export interface AliasHistory {
  alias: string
  periods: ServedPeriod[]
}

export interface AliasMove {
  alias: string
  version: string
  from: string | null
  moved: boolean
  since: string
}

/** The same file on the same data, of two versions. */
export interface EvaluationPair {
  file: string
  encoding: string | null
  data_set: string
  split: string
  one: ModelEvaluation | null
  other: ModelEvaluation | null
  same_data: boolean | null
}

export interface ComparedVersion {
  version: string
  name: string
  model_version: string
  hash: string
}

export interface RegistryComparison {
  one: ComparedVersion
  other: ComparedVersion
  evaluations: EvaluationPair[]
}

export const REGISTRY_EVENTS = ['added', 'promoted', 'rolled-back', 'pruned', 'published'] as const
export type RegistryEventKind = (typeof REGISTRY_EVENTS)[number]

export interface RegistryEvent {
  sequence: number
  kind: RegistryEventKind
  at: string
  who: string
  reason: string
  versions: string[]
  alias: string | null
  from: string | null
  published: string | null
  evidence: Evidence[]
}

export interface RegistryEvents {
  events: RegistryEvent[]
  next: number | null
}

const WHEN = '2026-03-01T09:30:00.000Z'

const byField = Type.String({ description: 'The API key, or the machine itself.', examples: ['ci (key 1f2e3d4c5b6a)'] })

const EXAMPLE_VERSION: RegistryVersion = {
  version: 'v4',
  name: 'support-posts',
  model_version: '2026.3.1',
  hash: EXAMPLE_HASH,
  aliases: ['champion'],
  added_at: WHEN,
  added_by: 'ci (key 1f2e3d4c5b6a)',
  reason: 'trained on the posts of February',
  bytes: 24_117_248,
  gate: null,
}

const versionFields = {
  version: Type.String({ examples: ['v4'] }),
  name: Type.String(),
  model_version: Type.String({ description: 'As its manifest has it.' }),
  hash: Type.String({ description: 'The same hash gives the same answers.' }),
  aliases: Type.Array(Type.String(), { description: 'That name it now.' }),
  added_at: Type.String({ format: 'date-time' }),
  added_by: byField,
  reason: Type.String({ description: 'Why it was added.' }),
  bytes: Type.Integer({ minimum: 0, description: 'Of its files; some may be shared with other versions.' }),
  gate: nullable(GateSummarySchema),
}

export const RegistryVersionSchema: Component<RegistryVersion> = component<RegistryVersion>()(
  'RegistryVersion',
  Type.Object(versionFields, { description: 'A version, which never changes.', examples: [EXAMPLE_VERSION] }),
)

export const RegistryVersionDetailsSchema: Component<RegistryVersionDetails> = component<RegistryVersionDetails>()(
  'RegistryVersionDetails',
  Type.Object(
    {
      ...versionFields,
      base: nullableString({ description: 'The model that it was fine-tuned from.' }),
      parent: nullableString({ description: 'The model that it follows.' }),
      license: Type.String(),
      labels: Type.Array(Type.String()),
      created_at: Type.String(),
      trained_on: Type.Array(Type.String(), { description: 'Names of the data sets.' }),
      files: Type.Record(Type.String(), Type.Object({ sha256: Type.String(), bytes: Type.Integer({ minimum: 0 }) })),
      reports: Type.Array(words(REGISTRY_REPORTS), { description: 'Papers that can be fetched.' }),
      evaluations: Type.Array(reference(ModelEvaluationSchema)),
    },
    { description: 'A version and what its manifest says.' },
  ),
)

export const ServedPeriodSchema: Component<ServedPeriod> = component<ServedPeriod>()(
  'ServedPeriod',
  Type.Object(
    {
      version: Type.String(),
      from: Type.String({ format: 'date-time' }),
      until: nullableString({ description: 'Null while it lasts.' }),
      kind: words(ALIAS_MOVES, { description: 'How it came to be named.' }),
      who: byField,
      reason: Type.String(),
      evidence: evidenceField,
    },
    {
      description: 'One version that an alias named, from when until when.',
      examples: [
        {
          version: 'v4',
          from: WHEN,
          until: null,
          kind: 'promoted',
          who: 'ci (key 1f2e3d4c5b6a)',
          reason: 'passed the gate on 12,284 posts',
          evidence: [{ name: 'gate.json', sha256: EXAMPLE_HASH }],
        },
      ],
    },
  ),
)

export const RegistryAliasSchema: Component<RegistryAlias> = component<RegistryAlias>()(
  'RegistryAlias',
  Type.Object(
    {
      alias: Type.String({ examples: ['champion'] }),
      current: reference(ServedPeriodSchema),
      rollback_to: nullableString({ description: 'Where a rollback leads; null where there is no way back.' }),
    },
    { description: 'A name that is moved from version to version.' },
  ),
)

export const RegistrySchema: Component<Registry> = component<Registry>()(
  'Registry',
  Type.Object(
    {
      versions: Type.Array(reference(RegistryVersionSchema), { description: 'The newest first.' }),
      aliases: Type.Array(reference(RegistryAliasSchema)),
      task: nullable(RegistryTaskSchema),
    },
    {
      description: 'Versions and aliases, and the latest task.',
      examples: [{ versions: [EXAMPLE_VERSION], aliases: [], task: null }],
    },
  ),
)

export const AliasHistorySchema: Component<AliasHistory> = component<AliasHistory>()(
  'AliasHistory',
  Type.Object(
    {
      alias: Type.String(),
      periods: Type.Array(reference(ServedPeriodSchema), { description: 'The newest first.' }),
    },
    { description: 'Which versions an alias named, from when until when.' },
  ),
)

export const AliasMoveSchema: Component<AliasMove> = component<AliasMove>()(
  'AliasMove',
  Type.Object(
    {
      alias: Type.String(),
      version: Type.String({ description: 'What it names from now on.' }),
      from: nullableString({ description: 'What it named before.' }),
      moved: Type.Boolean({ description: 'False where it named that version already, and nothing was recorded.' }),
      since: Type.String({ format: 'date-time' }),
    },
    {
      description: 'Where an alias went.',
      examples: [{ alias: 'champion', version: 'v4', from: 'v3', moved: true, since: WHEN }],
    },
  ),
)

export const EvaluationPairSchema: Component<EvaluationPair> = component<EvaluationPair>()(
  'EvaluationPair',
  Type.Object(
    {
      file: Type.String(),
      encoding: nullableString(),
      data_set: Type.String(),
      split: Type.String(),
      one: nullable(ModelEvaluationSchema),
      other: nullable(ModelEvaluationSchema),
      same_data: Type.Unsafe<boolean | null>({
        type: ['boolean', 'null'],
        description: 'Whether both were measured on the same data file; null where only one was.',
      }),
    },
    { description: 'What both say of the same file on the same data.' },
  ),
)

const comparedFields = Type.Object({
  version: Type.String(),
  name: Type.String(),
  model_version: Type.String(),
  hash: Type.String(),
})

export const RegistryComparisonSchema: Component<RegistryComparison> = component<RegistryComparison>()(
  'RegistryComparison',
  Type.Object(
    { one: comparedFields, other: comparedFields, evaluations: Type.Array(reference(EvaluationPairSchema)) },
    {
      description: 'The recorded evaluations of two versions. Whether a difference is more than chance, a gate says.',
    },
  ),
)

export const RegistryEventsSchema: Component<RegistryEvents> = component<RegistryEvents>()(
  'RegistryEvents',
  Type.Object(
    {
      events: Type.Array(
        Type.Object({
          sequence: Type.Integer({ minimum: 1 }),
          kind: words(REGISTRY_EVENTS),
          at: Type.String({ format: 'date-time' }),
          who: byField,
          reason: Type.String(),
          versions: Type.Array(Type.String(), { description: 'That it is about.' }),
          alias: nullableString(),
          from: nullableString({ description: 'What the alias named before.' }),
          published: nullableString({ description: 'Where on the Hub the version is, such as hf:owner/name@v1.' }),
          evidence: evidenceField,
        }),
        { description: 'The newest first.' },
      ),
      next: nullableNumber({ description: 'The `before` of the next page.' }),
    },
    { description: 'What happened to the registry.' },
  ),
)
