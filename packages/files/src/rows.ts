// What a file of rows is once it is open: rows, rejected rows, and the source they come from.
import type { RowErrorCode } from './errors.ts'

/** `txt` is plain text, one post a line, in a column called `text`. Each may be gzipped. */
export const FILE_FORMATS = ['csv', 'tsv', 'json', 'jsonl', 'parquet', 'txt'] as const

export type FileFormat = (typeof FILE_FORMATS)[number]

export interface SourceRow {
  /** The physical line the row starts on, from 1; in a JSON array or Parquet file the row's number, from 1. */
  readonly line: number
  readonly values: Readonly<Record<string, unknown>>
}

export interface RejectedRow {
  readonly line: number
  readonly code: RowErrorCode
  readonly reason: string
}

export type RowOutcome = SourceRow | RejectedRow

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Rows in which this column is missing or blank are rejected; an unknown column is an error. */
  readonly textColumn?: string
}

/** An open file. It can be read once; reading to the end, breaking off and `close` all release it. */
export interface RowSource {
  readonly format: FileFormat
  readonly gzip: boolean
  /** As detected so far (`utf-8`, `utf-16le`, `utf-16be`, `windows-1252`); null for Parquet. */
  readonly encoding: string | null
  /** `,` `;` `|` or a tab; null where there is none. */
  readonly delimiter: string | null
  /** JSON and JSONL: every key of the sample. */
  readonly columns: readonly string[]
  /** The first rows (about 100), for previews and guesses; `rows` and `batches` still deliver them. */
  readonly sample: readonly SourceRow[]
  /** Size of the file as stored (compressed if it is); null for a stream. */
  readonly bytesTotal: number | null
  bytesRead(): number
  /** Rows with bytes that are not valid in the encoding; they are kept, and the bytes became U+FFFD. */
  repairedRows(): number
  rows(options?: ReadOptions): AsyncGenerator<RowOutcome, void, undefined>
  /** The same in arrays of at most `size` rows: the faster way. */
  batches(size: number, options?: ReadOptions): AsyncGenerator<RowOutcome[], void, undefined>
  close(): Promise<void>
}

export function isRejectedRow(row: RowOutcome): row is RejectedRow {
  return 'code' in row
}

/** A cell as text: null for nothing (null, undefined, bytes), ISO 8601 for a date, JSON for lists and objects. */
export function cellText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (value === null || value === undefined || typeof value === 'function' || typeof value === 'symbol') return null
  if (typeof value !== 'object') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  return ArrayBuffer.isView(value) ? null : toJson(value)
}

/** JSON of anything a file can hold: large integers become strings, bytes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, plainMember)
}

/** Looks at the holder, because a Buffer has turned itself into an object by the time its value is handed over. */
function plainMember(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  return ArrayBuffer.isView(this[key]) ? null : value
}
