// Which column of a file holds the text and which the label: as asked for, as in the file before, or guessed.
import { guessColumns, type RowSource } from '@renown/files'
import { CliError } from '../errors.ts'
import { checkColumn, listColumns } from '../predict/choose-columns.ts'
import type { LabelledColumns } from './labelled-data-set.ts'

export interface ColumnOptions {
  readonly textColumn?: string
  readonly labelColumn?: string
  /** Only texts are wanted: a column of labels may be missing. */
  readonly unlabelled?: boolean
}

/** `before` are the columns of another file of the same data set. Throws COLUMN_NOT_FOUND with the columns that there are. */
export function chooseLabelledColumns(
  path: string,
  source: Pick<RowSource, 'columns' | 'sample'>,
  options: ColumnOptions,
  before?: LabelledColumns,
): LabelledColumns {
  const { textColumn, labelColumn, unlabelled = false } = options
  if (textColumn !== undefined) checkColumn(path, source.columns, textColumn, '--text-column')
  if (labelColumn !== undefined) checkColumn(path, source.columns, labelColumn, '--label-column')
  const guess = guessColumns(source.columns, source.sample)
  const has = (column: string | null | undefined): column is string =>
    typeof column === 'string' && source.columns.includes(column)
  const text = textColumn ?? (has(before?.text) ? before.text : guess.text)
  if (text === null) refuseColumn(path, source.columns, 'text', '--text-column')
  if (unlabelled) return { text, label: null }
  const label = labelColumn ?? (has(before?.label) ? before.label : guess.label)
  if (label === null) refuseColumn(path, source.columns, 'labels', '--label-column')
  if (text === label) {
    throw new CliError('COLUMN_NOT_FOUND', `${path}: "${text}" can't be both text and label: name the other column`)
  }
  return { text, label }
}

function refuseColumn(path: string, columns: readonly string[], what: string, flag: string): never {
  throw new CliError(
    'COLUMN_NOT_FOUND',
    `${path} has no column that looks like ${what}: name it with ${flag}, one of ${listColumns(columns)}`,
  )
}
