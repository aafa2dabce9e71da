// A file that becomes a job: columns, progress, summary.
import { Type } from 'typebox'
import { type Problem, ProblemSchema } from './problem.ts'
import { type Component, component, nullable, nullableNumber, nullableString, reference, words } from './schema.ts'
import { type ScoringSummary, ScoringSummarySchema } from './summary.ts'

export const SCORING_STATUSES = ['ready', 'queued', 'running', 'done', 'failed', 'cancelled'] as const
/** ready: waits for the columns. queued: waits for its turn. The last three are final. */
export type ScoringStatus = (typeof SCORING_STATUSES)[number]

export const FILE_FORMATS = ['csv', 'tsv', 'json', 'jsonl', 'parquet', 'txt'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

/** Which column of the file is what; null: none. */
export interface ColumnGuess {
  text: string | null
  date: string | null
  label: string | null
  id: string | null
  author: string | null
  source: string | null
}

/** The columns that a scoring uses. */
export interface ColumnMapping {
  text: string
  date?: string | null
  author?: string | null
  source?: string | null
}

export interface ScoringFile {
  name: string
  bytes: number
  format: FileFormat
  gzip: boolean
  encoding: string | null
}

export interface ScoringProgress {
  rows: number
  scored: number
  rejected: number
  cached: number
  bytes_read: number
  bytes_total: number | null
  rows_per_second: number | null
  seconds_left: number | null
}

export interface Scoring {
  id: string
  status: ScoringStatus
  file: ScoringFile
  columns: string[]
  guess: ColumnGuess
  /** The first rows; left out of events and lists. */
  preview?: Record<string, string>[]
  mapping: ColumnMapping | null
  progress: ScoringProgress
  summary: ScoringSummary | null
  problem: Problem | null
  created_at: string
  expires_at: string
}

export interface ScoringList {
  scorings: Scoring[]
}

export interface StartRequest {
  columns: ColumnMapping
}

export const SCORING_EVENTS = ['progress', 'done', 'failed', 'cancelled'] as const
export type ScoringEvent = (typeof SCORING_EVENTS)[number]

const count = Type.Integer({ minimum: 0 })

export const ColumnGuessSchema: Component<ColumnGuess> = component<ColumnGuess>()(
  'ColumnGuess',
  Type.Object(
    {
      text: nullableString(),
      date: nullableString(),
      label: nullableString(),
      id: nullableString(),
      author: nullableString(),
      source: nullableString(),
    },
    { description: 'Which column looks like what; null where none does.' },
  ),
)

export const ColumnMappingSchema: Component<ColumnMapping> = component<ColumnMapping>()(
  'ColumnMapping',
  Type.Object(
    {
      text: Type.String({ description: 'The column with the posts.', examples: ['text'] }),
      date: Type.Optional(nullableString({ examples: ['created_at'] })),
      author: Type.Optional(nullableString()),
      source: Type.Optional(nullableString()),
    },
    { description: 'The columns that are used.', examples: [{ text: 'text', date: 'created_at' }] },
  ),
)

export const ScoringProgressSchema: Component<ScoringProgress> = component<ScoringProgress>()(
  'ScoringProgress',
  Type.Object(
    {
      rows: count,
      scored: count,
      rejected: count,
      cached: Type.Integer({ minimum: 0, description: 'Of the scored rows, those whose text had been scored before.' }),
      bytes_read: count,
      bytes_total: nullableNumber(),
      rows_per_second: nullableNumber(),
      seconds_left: nullableNumber(),
    },
    { description: 'How far the job is.' },
  ),
)

export const ScoringFileSchema: Component<ScoringFile> = component<ScoringFile>()(
  'ScoringFile',
  Type.Object({
    name: Type.String({ description: 'As the sender called it, to show; control characters and folders are gone.' }),
    bytes: count,
    format: words(FILE_FORMATS),
    gzip: Type.Boolean(),
    encoding: nullableString({ description: 'The character encoding that was found, where the format has one.' }),
  }),
)

const EXAMPLE_SCORING: Scoring = {
  id: 'T8vT0Zt3m2v1oE6a0dXy4Q',
  status: 'running',
  file: { name: 'posts.csv', bytes: 48213, format: 'csv', gzip: false, encoding: 'utf-8' },
  columns: ['created_at', 'text'],
  guess: { text: 'text', date: 'created_at', label: null, id: null, author: null, source: null },
  preview: [{ created_at: '2026-01-02', text: 'The new app is a joy to use, thank you!' }],
  mapping: { text: 'text', date: 'created_at' },
  progress: {
    rows: 128,
    scored: 127,
    rejected: 1,
    cached: 3,
    bytes_read: 24000,
    bytes_total: 48213,
    rows_per_second: 400,
    seconds_left: 1,
  },
  summary: null,
  problem: null,
  created_at: '2026-01-02T03:04:05.000Z',
  expires_at: '2026-01-03T03:04:05.000Z',
}

export const ScoringSchema: Component<Scoring> = component<Scoring>()(
  'Scoring',
  Type.Object(
    {
      id: Type.String(),
      status: words(SCORING_STATUSES, {
        description:
          '`ready` waits for the columns (POST .../start), `queued` for its turn; `done`, `failed` and `cancelled` are final.',
      }),
      file: reference(ScoringFileSchema),
      columns: Type.Array(Type.String()),
      guess: reference(ColumnGuessSchema),
      preview: Type.Optional(
        Type.Array(Type.Record(Type.String(), Type.String()), {
          description: 'The first rows; left out of events and lists.',
        }),
      ),
      mapping: nullable(ColumnMappingSchema),
      progress: reference(ScoringProgressSchema),
      summary: nullable(ScoringSummarySchema),
      problem: nullable(ProblemSchema),
      created_at: Type.String({ format: 'date-time' }),
      expires_at: Type.String({ format: 'date-time', description: 'When it is removed with all its files.' }),
    },
    { description: 'A file that is scored row by row.', examples: [EXAMPLE_SCORING] },
  ),
)

export const ScoringListSchema: Component<ScoringList> = component<ScoringList>()(
  'ScoringList',
  Type.Object(
    { scorings: Type.Array(reference(ScoringSchema)) },
    { description: 'Every scoring that is kept, newest first.', examples: [{ scorings: [] }] },
  ),
)

export const StartRequestSchema: Component<StartRequest> = component<StartRequest>()(
  'StartRequest',
  Type.Object(
    { columns: reference(ColumnMappingSchema) },
    { description: 'Starts a scoring that is `ready`.', examples: [{ columns: { text: 'text', date: 'created_at' } }] },
  ),
)
