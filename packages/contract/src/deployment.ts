// Which model serves, what the server follows, what it stays off, and what runs in shadow.
import { Type } from 'typebox'
import { type Component, component, nullable, nullableString, reference, words } from './schema.ts'

export interface ServedVersion {
  reference: string
  name: string
  version: string
  hash: string
  since: string
}

export const LOADING_STEPS = ['fetch', 'load', 'check'] as const
export type LoadingStep = (typeof LOADING_STEPS)[number]

export interface LoadingVersion {
  reference: string
  step: LoadingStep
  since: string
}

export interface RefusedVersion {
  reference: string
  hash: string
  at: string
  code: string
  reason: string
}

export interface Disagreement {
  at: string
  served: string
  challenger: string
  served_score: number
  challenger_score: number
}

export interface Challenger {
  version: ServedVersion
  share: number
  compared: number
  agreed: number
  /** Of `agreed` among `compared`, with its 95 % interval; null before the first. */
  agreement: { value: number; low: number; high: number } | null
  labels: Record<string, Record<string, number>>
  disagreements: Disagreement[]
}

export interface Deployment {
  following: string | null
  serving: ServedVersion
  previous: ServedVersion | null
  loading: LoadingVersion | null
  refused: RefusedVersion[]
  checked: { at: string; error: string | null } | null
  challenger: Challenger | null
}

export interface DeploymentRollbackRequest {
  reason: string
}

export interface AllowRequest {
  reference: string
}

const time = Type.String({ format: 'date-time' })
const share = Type.Number({ minimum: 0, maximum: 1 })
const count = Type.Integer({ minimum: 0 })
const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

const EXAMPLE_SERVED: ServedVersion = {
  reference: 'v4',
  name: 'support-posts',
  version: '2026.3.1',
  hash: HASH,
  since: '2026-03-01T09:31:00.000Z',
}

export const ServedVersionSchema: Component<ServedVersion> = component<ServedVersion>()(
  'ServedVersion',
  Type.Object(
    {
      reference: Type.String({ description: 'As the model is named.', examples: ['v4', 'hf:owner/name@0123abcd'] }),
      name: Type.String(),
      version: Type.String({ description: 'As its manifest has it.' }),
      hash: Type.String(),
      since: Type.String({ format: 'date-time', description: 'When it began to serve here.' }),
    },
    { description: 'A model that is loaded.', examples: [EXAMPLE_SERVED] },
  ),
)

export const ChallengerSchema: Component<Challenger> = component<Challenger>()(
  'Challenger',
  Type.Object(
    {
      version: reference(ServedVersionSchema),
      share: Type.Number({ minimum: 0, maximum: 1, description: 'Of the traffic that it reads too.' }),
      compared: count,
      agreed: count,
      agreement: Type.Unsafe<Challenger['agreement']>({
        anyOf: [Type.Object({ value: share, low: share, high: share }), { type: 'null' }],
        description: 'The share of texts that both label the same, with its 95 % interval.',
      }),
      labels: Type.Record(Type.String(), Type.Record(Type.String(), count), {
        description: "Texts by the served model's label, then by the challenger's.",
      }),
      disagreements: Type.Array(
        Type.Object({
          at: time,
          served: Type.String(),
          challenger: Type.String(),
          served_score: Type.Number(),
          challenger_score: Type.Number(),
        }),
        { description: 'The newest first, without the texts.' },
      ),
    },
    { description: 'A model that reads along and answers nobody.' },
  ),
)

export const DeploymentSchema: Component<Deployment> = component<Deployment>()(
  'Deployment',
  Type.Object(
    {
      following: nullableString({
        description: 'An alias, or a repository of the Hub; null where the model is fixed.',
        examples: ['champion'],
      }),
      serving: reference(ServedVersionSchema),
      previous: nullable(ServedVersionSchema),
      loading: Type.Unsafe<LoadingVersion | null>({
        anyOf: [Type.Object({ reference: Type.String(), step: words(LOADING_STEPS), since: time }), { type: 'null' }],
        description: 'What is fetched, loaded or checked now.',
      }),
      refused: Type.Array(
        Type.Object({
          reference: Type.String(),
          hash: Type.String(),
          at: time,
          code: Type.String(),
          reason: Type.String(),
        }),
        { description: 'What the server stays off until it is told, newest first.' },
      ),
      checked: Type.Unsafe<Deployment['checked']>({
        anyOf: [Type.Object({ at: time, error: nullableString() }), { type: 'null' }],
        description: 'The last look at what is followed.',
      }),
      challenger: nullable(ChallengerSchema),
    },
    {
      description: 'Which model serves, and what comes next.',
      examples: [
        {
          following: 'champion',
          serving: EXAMPLE_SERVED,
          previous: null,
          loading: null,
          refused: [],
          checked: { at: '2026-03-01T10:00:00.000Z', error: null },
          challenger: null,
        },
      ],
    },
  ),
)

export const DeploymentRollbackRequestSchema: Component<DeploymentRollbackRequest> =
  component<DeploymentRollbackRequest>()(
    'DeploymentRollbackRequest',
    Type.Object(
      {
        reason: Type.String({ minLength: 1, maxLength: 500, description: 'Why; it is shown beside what is refused.' }),
      },
      {
        additionalProperties: false,
        description: 'Back to the model that served before.',
        examples: [{ reason: 'more complaints are called neutral since noon' }],
      },
    ),
  )

export const AllowRequestSchema: Component<AllowRequest> = component<AllowRequest>()(
  'AllowRequest',
  Type.Object(
    { reference: Type.String({ minLength: 1, maxLength: 300, description: 'As `refused` names it.' }) },
    {
      additionalProperties: false,
      description: 'Lets a refused version be tried again.',
      examples: [{ reference: 'v5' }],
    },
  ),
)
