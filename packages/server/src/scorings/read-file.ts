// What a file is before it is scored: format, columns, guesses, first rows.
import type { ColumnGuess, ColumnMapping, ScoringFile } from '@renown/contract'
import { cellText, FilesError, guessColumns, openRows, type RowSource } from '@renown/files'
import { ApiError } from '../errors.ts'

const PREVIEW_ROWS = 5
const PREVIEW_CHARS = 500

export interface FileView {
  readonly file: ScoringFile
  readonly columns: readonly string[]
  readonly guess: ColumnGuess
  readonly preview: readonly Record<string, string>[]
  readonly bytesTotal: number | null
}

/** Throws ApiError FILE_INVALID with the cause. */
export async function viewFile(path: string, name: string, bytes: number): Promise<FileView> {
  try {
    const source = await openRows(path, { name })
    try {
      return describe(source, name, bytes)
    } finally {
      await source.close()
    }
  } catch (error) {
    throw asFileError(error)
  }
}

/** A file that cannot be read is the sender's to mend; the cause says how. */
export function asFileError(error: unknown): unknown {
  if (!(error instanceof FilesError)) return error
  const errors = [{ path: 'file', code: error.code, detail: error.message }]
  return new ApiError('FILE_INVALID', { detail: error.message, errors, cause: error })
}

function describe(source: RowSource, name: string, bytes: number): FileView {
  const { format, gzip, encoding, columns, sample } = source
  return {
    file: { name, bytes, format, gzip, encoding },
    columns,
    guess: guessColumns(columns, sample),
    preview: sample.slice(0, PREVIEW_ROWS).map((row) => previewRow(row.values)),
    bytesTotal: source.bytesTotal,
  }
}

function previewRow(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const cells = Object.entries(values).map(([column, value]) => [column, cutText(cellText(value) ?? '')])
  return Object.fromEntries(cells)
}

function cutText(text: string): string {
  return (text.length <= PREVIEW_CHARS ? text : `${text.slice(0, PREVIEW_CHARS)}…`).toWellFormed()
}

/** The guess as a mapping; null where no column looks like posts. */
export function mapGuess(guess: ColumnGuess): ColumnMapping | null {
  const { text, date, author, source } = guess
  return text === null ? null : { text, date, author, source }
}

/** Throws COLUMN_UNKNOWN. */
export function checkMapping(mapping: ColumnMapping, columns: readonly string[]): ColumnMapping {
  const { text, date = null, author = null, source = null } = mapping
  const fields = Object.entries({ text, date, author, source })
  const wrong = fields.filter(([, column]) => column !== null && !columns.includes(column))
  if (wrong.length === 0) return { text, date, author, source }
  const list = columns.map((column) => JSON.stringify(column)).join(', ')
  const errors = wrong.map(([field, column]) => ({
    path: `/columns/${field}`,
    code: 'COLUMN_UNKNOWN',
    detail: `expected one of ${list}, got ${JSON.stringify(column)}`,
  }))
  throw new ApiError('COLUMN_UNKNOWN', { detail: errors[0]?.detail ?? '', errors })
}

const UNSHOWABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A file name to show: no folders, no control characters, nothing that turns the direction of text. */
export function cleanFileName(name: string | undefined): string {
  const base = (name ?? '').toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const clean = base.replace(UNSHOWABLE, '').trim()
  const short = clean.length <= 200 ? clean : clean.slice(-200).toWellFormed()
  return short === '' || /^\.+$/.test(short) ? 'file' : short
}
