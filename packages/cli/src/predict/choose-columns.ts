// Which column of a file holds the text, and which the date: as asked for, or guessed.
import { type DateOrder, dateOrder, guessColumns, type RowSource } from '@renown/files'
import { CliError } from '../errors.ts'

export interface ColumnChoice {
  readonly textColumn?: string
  readonly dateColumn?: string
}

export interface Columns {
  readonly text: string
  readonly date: string | null
  /** How 03/04/2024 is to be read, where other rows tell. */
  readonly dateOrder: DateOrder | null
}

/** Throws COLUMN_NOT_FOUND with the columns that there are. */
export function chooseColumns(
  name: string,
  source: Pick<RowSource, 'columns' | 'sample'>,
  choice: ColumnChoice,
): Columns {
  const guess = guessColumns(source.columns, source.sample)
  const { textColumn, dateColumn } = choice
  if (textColumn !== undefined) checkColumn(name, source.columns, textColumn, '--text-column')
  if (dateColumn !== undefined) checkColumn(name, source.columns, dateColumn, '--date-column')
  const text = textColumn ?? guess.text
  if (text === null) {
    throw new CliError(
      'COLUMN_NOT_FOUND',
      `${name} has no column that looks like text: name it with --text-column, one of ${listColumns(source.columns)}`,
    )
  }
  const date = dateColumn ?? (guess.date === text ? null : guess.date)
  const order = date === null ? null : dateOrder(source.sample.map((row) => row.values[date]))
  return { text, date, dateOrder: order }
}

export function checkColumn(name: string, columns: readonly string[], column: string, flag: string): void {
  if (columns.includes(column)) return
  throw new CliError(
    'COLUMN_NOT_FOUND',
    `${name} has no column "${column}" (${flag}): expected one of ${listColumns(columns)}`,
  )
}

const SHOWN_COLUMNS = 20

export function listColumns(columns: readonly string[]): string {
  const shown = columns.slice(0, SHOWN_COLUMNS).map((column) => `"${column}"`)
  return columns.length > SHOWN_COLUMNS
    ? `${shown.join(', ')} and ${columns.length - SHOWN_COLUMNS} more`
    : shown.join(', ')
}
