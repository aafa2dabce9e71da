// A scored row as the results file keeps it, and what is made of it: a post, or a row to download.
import type { ColumnMapping, ScoredPost } from '@renown/contract'
import { cellText } from '@renown/files'
import type { Classification } from '@renown/reputation'

export interface StoredRow {
  readonly line: number
  readonly values: Readonly<Record<string, unknown>>
  readonly label: ScoredPost['label']
  readonly scores: ScoredPost['scores']
  readonly windows: number
  /** ISO 8601, UTC. */
  readonly date: string | null
}

export function renderStoredRow(row: StoredRow): string {
  return `${JSON.stringify(row, replaceBigInt)}\n`
}

function replaceBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? toNumberOrText(value) : value
}

function toNumberOrText(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

// Written by `renderStoredRow`.
export function parseStoredRow(text: string): StoredRow {
  return JSON.parse(text) as StoredRow
}

export function storeRow(
  row: { readonly line: number; readonly values: Readonly<Record<string, unknown>> },
  date: Date | null,
  classification: Classification,
): StoredRow {
  const { label, scores, windows } = classification
  return { line: row.line, values: row.values, label, scores, windows, date: date === null ? null : date.toISOString() }
}

export function toPost(row: StoredRow, mapping: ColumnMapping): ScoredPost {
  return {
    line: row.line,
    text: columnText(row, mapping.text) ?? '',
    label: row.label,
    score: row.scores[row.label],
    scores: row.scores,
    date: row.date,
    author: columnText(row, mapping.author),
    source: columnText(row, mapping.source),
  }
}

function columnText(row: StoredRow, column: string | null | undefined): string | null {
  const text = column === null || column === undefined ? null : cellText(row.values[column])
  return text === null || text === '' ? null : text.toWellFormed()
}

const OURS = ['label', 'score', 'negative', 'neutral', 'positive', 'windows'] as const
type OurColumn = (typeof OURS)[number]

/** How our columns are called beside those of the file, whose names win. */
export function nameColumns(columns: readonly string[]): Readonly<Record<OurColumn, string>> {
  const taken = new Set(columns)
  const names = OURS.map((name) => {
    let free: string = name
    while (taken.has(free)) free = `renown_${free}`
    return [name, free] as const
  })
  return Object.fromEntries(names) as Record<OurColumn, string>
}

/** The row of the file with its sentiment. */
export function toResultRow(row: StoredRow, names: Readonly<Record<OurColumn, string>>): Record<string, unknown> {
  return {
    ...row.values,
    [names.label]: row.label,
    [names.score]: row.scores[row.label],
    [names.negative]: row.scores.negative,
    [names.neutral]: row.scores.neutral,
    [names.positive]: row.scores.positive,
    [names.windows]: row.windows,
  }
}
