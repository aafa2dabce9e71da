// What the registry does for longer than a request lasts: adding a model, reading every byte.
import { Type } from 'typebox'
import { type Component, component, nullableString, words } from './schema.ts'

export const REGISTRY_TASKS = ['add', 'verify'] as const
export type RegistryTaskKind = (typeof REGISTRY_TASKS)[number]

export const TASK_STATUSES = ['running', 'done', 'failed'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

export interface RegistryVerification {
  events: number
  versions: number
  blobs: number
  problems: string[]
}

export interface RegistryTask {
  id: string
  kind: RegistryTaskKind
  status: TaskStatus
  /** What is added; null of a verification. */
  reference: string | null
  who: string
  started_at: string
  finished_at: string | null
  progress: { path: string; bytes: number; total: number } | null
  version: string | null
  is_new: boolean | null
  verification: RegistryVerification | null
  problem: { code: string; detail: string } | null
}

const count = Type.Integer({ minimum: 0 })

function orNull<T>(schema: object): ReturnType<typeof Type.Unsafe<T | null>> {
  return Type.Unsafe<T | null>({ anyOf: [schema, { type: 'null' }] })
}

export const RegistryTaskSchema: Component<RegistryTask> = component<RegistryTask>()(
  'RegistryTask',
  Type.Object(
    {
      id: Type.String(),
      kind: words(REGISTRY_TASKS),
      status: words(TASK_STATUSES),
      reference: nullableString({ description: 'What is added.' }),
      who: Type.String(),
      started_at: Type.String({ format: 'date-time' }),
      finished_at: nullableString(),
      progress: orNull<NonNullable<RegistryTask['progress']>>(
        Type.Object(
          { path: Type.String(), bytes: count, total: count },
          { description: 'Of a model that is fetched from the Hub.' },
        ),
      ),
      version: nullableString({ description: 'The version that was made, or that had the same files already.' }),
      is_new: Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] }),
      verification: orNull<RegistryVerification>(
        Type.Object({
          events: count,
          versions: count,
          blobs: count,
          problems: Type.Array(Type.String(), {
            description: 'What is wrong, a sentence each; empty where the registry is whole.',
          }),
        }),
      ),
      problem: orNull<NonNullable<RegistryTask['problem']>>(
        Type.Object(
          { code: Type.String(), detail: Type.String() },
          { description: 'Why it failed: a code of models and registries, or of the API.' },
        ),
      ),
    },
    {
      description: 'Work that goes on after its request. One runs at a time; the last twenty are remembered.',
      examples: [
        {
          id: 'T8vT0Zt3m2v1oE6a0dXy4Q',
          kind: 'add',
          status: 'done',
          reference: 'hf:owner/name@main',
          who: 'ci (key 1f2e3d4c5b6a)',
          started_at: '2026-03-01T09:30:00.000Z',
          finished_at: '2026-03-01T09:30:42.000Z',
          progress: null,
          version: 'v4',
          is_new: true,
          verification: null,
          problem: null,
        },
      ],
    },
  ),
)
