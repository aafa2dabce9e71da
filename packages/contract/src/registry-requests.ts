// What the registry is asked to do: promote, roll back, add, prune.
import { Type } from 'typebox'
import { type Evidence, evidenceField, lineField, VERSION_PATTERN } from './registry-fields.ts'
import { type Component, component, nullableNumber } from './schema.ts'

export interface PromoteRequest {
  version: string
  reason: string
  expect?: string | null
  evidence?: Evidence[]
  gate_report?: string
  without_gate?: boolean
}

export interface RollbackRequest {
  reason: string
  expect?: string
  evidence?: Evidence[]
}

export interface AddVersionRequest {
  reference: string
  reason: string
  name?: string
}

export interface PruneRequest {
  keep?: number
  days?: number
  dry_run?: boolean
  reason?: string
}

export interface PruneResult {
  versions: string[]
  bytes: number | null
  dry_run: boolean
}

const versionField = Type.String({ pattern: VERSION_PATTERN, examples: ['v4'] })
const reasonField = lineField('Why; it stays in the log for good.', 'passed the gate on 12,284 posts')

export const PromoteRequestSchema: Component<PromoteRequest> = component<PromoteRequest>()(
  'PromoteRequest',
  Type.Object(
    {
      version: versionField,
      reason: reasonField,
      expect: Type.Optional(
        Type.Unsafe<string | null>({
          type: ['string', 'null'],
          pattern: VERSION_PATTERN,
          description: 'What the alias must name now, null for nothing; otherwise nothing moves (ALIAS_MOVED).',
        }),
      ),
      evidence: Type.Optional(evidenceField),
      gate_report: Type.Optional(
        Type.String({
          maxLength: 1_000_000,
          description: 'The text of a gate.json that judges the version, where it did not come with one that does.',
        }),
      ),
      without_gate: Type.Optional(
        Type.Boolean({ description: 'Promote although no gate speaks for it (GATE_NOT_PASSED); that is recorded.' }),
      ),
    },
    {
      additionalProperties: false,
      description: 'Lets an alias name a version.',
      examples: [{ version: 'v4', expect: 'v3', reason: 'passed the gate on 12,284 posts' }],
    },
  ),
)

export const RollbackRequestSchema: Component<RollbackRequest> = component<RollbackRequest>()(
  'RollbackRequest',
  Type.Object(
    {
      reason: reasonField,
      expect: Type.Optional(versionField),
      evidence: Type.Optional(evidenceField),
    },
    {
      additionalProperties: false,
      description: 'Lets an alias name what it named before.',
      examples: [{ reason: 'more complaints are called neutral since noon' }],
    },
  ),
)

export const AddVersionRequestSchema: Component<AddVersionRequest> = component<AddVersionRequest>()(
  'AddVersionRequest',
  Type.Object(
    {
      reference: Type.String({
        minLength: 1,
        maxLength: 300,
        description:
          'A repository of the Hub, `hf:owner/name[@revision]`; the name of a folder in HOME/models; or `default`. Never a path.',
        examples: ['hf:owner/name@main'],
      }),
      reason: reasonField,
      name: Type.Optional(lineField("Instead of the manifest's.", 'support-posts')),
    },
    {
      additionalProperties: false,
      description: 'Copies a model into the registry.',
      examples: [{ reference: 'hf:owner/name@main', reason: 'trained on the posts of February' }],
    },
  ),
)

export const PruneRequestSchema: Component<PruneRequest> = component<PruneRequest>()(
  'PruneRequest',
  Type.Object(
    {
      keep: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 10_000, description: 'Newest versions that stay (5 unless given).' }),
      ),
      days: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 36_500,
          description: 'What an alias named within so many days stays (30).',
        }),
      ),
      dry_run: Type.Optional(Type.Boolean({ description: 'Only says what would go.' })),
      reason: Type.Optional(reasonField),
    },
    { additionalProperties: false, description: 'Removes versions that nobody needs.', examples: [{ dry_run: true }] },
  ),
)

export const PruneResultSchema: Component<PruneResult> = component<PruneResult>()(
  'PruneResult',
  Type.Object(
    {
      versions: Type.Array(Type.String()),
      bytes: nullableNumber({ description: 'What was freed; null in a dry run.' }),
      dry_run: Type.Boolean(),
    },
    { description: 'What went, or would go.', examples: [{ versions: ['v1'], bytes: null, dry_run: true }] },
  ),
)
