// Reads labelled rows from the files of one split, all of them, with their hashes.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { cellText, isRejectedRow, openRows, type RowOutcome, type RowSource } from '@renown/files'
import { TEXT_LIMIT_CHARS } from '@renown/ml'
import { CliError } from '../errors.ts'
import { type ColumnOptions, chooseLabelledColumns } from './choose-labelled-columns.ts'
import {
  baseName,
  countRejected,
  type LabelledColumns,
  type LabelledFile,
  type LabelledSplit,
  type RowPlace,
} from './labelled-data-set.ts'
import { readLabelNames } from './read-label-names.ts'

export interface ReadSplitOptions extends ColumnOptions {
  /** Columns of another split of the same data set, where these files have them too. */
  readonly before?: LabelledColumns
  readonly signal?: AbortSignal
}

/**
 * Rows without a text are rejected and counted, and so are those whose text is longer than TEXT_LIMIT_CHARS. Files may
 * arrive one after another, as from a download. Throws COLUMN_NOT_FOUND, DATA_EMPTY, and the errors of `@renown/files`.
 */
export async function readSplit(
  paths: Iterable<string> | AsyncIterable<string>,
  options: ReadSplitOptions = {},
): Promise<LabelledSplit> {
  const gathered = createGathered()
  let columns = options.before
  for await (const path of paths) columns = await readFile(path, { ...options, ...before(columns) }, gathered)
  const { texts, labels, rows, numbers, files, rejected, labelNames } = gathered
  if (columns === undefined || texts.length === 0) throw new CliError('DATA_EMPTY', describeEmpty(gathered))
  return { texts, labels, rows, numbers, files, rejected, columns, labelNames, sha256: combineHashes(files) }
}

const SHOWN_PLACES = 10

interface Gathered {
  readonly texts: string[]
  readonly labels: string[]
  readonly rows: number[]
  readonly numbers: number[]
  readonly files: LabelledFile[]
  labelNames: readonly string[] | null
  readonly rejected: Map<string, { count: number; places: RowPlace[] }>
  /** Each label once: cells of a file are cut from large buffers, and would keep those alive. */
  readonly names: Map<string, string>
}

function createGathered(): Gathered {
  const lists = { texts: [], labels: [], rows: [], numbers: [], files: [] }
  return { ...lists, labelNames: null, rejected: new Map(), names: new Map() }
}

function before(columns: LabelledColumns | undefined): { before?: LabelledColumns } {
  return columns === undefined ? {} : { before: columns }
}

async function readFile(path: string, options: ReadSplitOptions, gathered: Gathered): Promise<LabelledColumns> {
  const source = await openRows(path)
  try {
    const columns = chooseLabelledColumns(path, source, options, options.before)
    const start = gathered.texts.length
    await gatherRows(path, source, columns, gathered, options.signal)
    const hasNotes = source.format === 'parquet' && !source.gzip
    noteLabelNames(
      gathered,
      path,
      hasNotes && columns.label !== null ? await readLabelNames(path, columns.label) : null,
    )
    gathered.files.push({ path, start, sha256: await hashOf(path) })
    return columns
  } finally {
    await source.close()
  }
}

/** The number 1 must mean the same in all files of a split. */
function noteLabelNames(gathered: Gathered, path: string, names: readonly string[] | null): void {
  if (gathered.files.length > 0 && JSON.stringify(names) !== JSON.stringify(gathered.labelNames)) {
    const shown = [gathered.labelNames, names].map((list) => list?.join(', ') ?? 'none')
    throw new CliError('LABELS_UNKNOWN', `${path}: expected the names of labels ${shown[0]}, got ${shown[1]}`)
  }
  gathered.labelNames = names
}

async function gatherRows(
  path: string,
  source: RowSource,
  columns: LabelledColumns,
  gathered: Gathered,
  signal?: AbortSignal,
): Promise<void> {
  const reading = { textColumn: columns.text, ...(signal === undefined ? {} : { signal }) }
  for await (const row of source.rows(reading)) gatherRow(path, row, columns, gathered)
}

function gatherRow(path: string, row: RowOutcome, columns: LabelledColumns, gathered: Gathered): void {
  if (isRejectedRow(row)) {
    reject(gathered, row.code, path, row.line)
    return
  }
  const text = cellText(row.values[columns.text]) ?? ''
  if (text.length > TEXT_LIMIT_CHARS) {
    reject(gathered, 'TEXT_TOO_LONG', path, row.line)
    return
  }
  gathered.numbers.push(gathered.texts.length + countRejected(gathered.rejected))
  gathered.texts.push(text)
  const label = columns.label === null ? null : cellText(row.values[columns.label])
  gathered.labels.push(internLabel(gathered.names, label ?? ''))
  gathered.rows.push(row.line)
}

function reject({ rejected }: Gathered, code: string, path: string, row: number): void {
  const known = rejected.get(code) ?? { count: 0, places: [] }
  known.count++
  if (known.places.length < SHOWN_PLACES) known.places.push({ file: baseName(path), row })
  rejected.set(code, known)
}

function internLabel(names: Map<string, string>, label: string): string {
  const known = names.get(label)
  if (known !== undefined) return known
  names.set(label, label)
  return label
}

function describeEmpty({ files, rejected }: Gathered): string {
  const names = files.map(({ path }) => path).join(', ')
  if (names === '') return 'no files: expected at least one with labelled posts'
  const left = countRejected(rejected)
  const without = left === 0 ? '' : ` (${left} rows have no usable text)`
  return `${names} has no labelled posts: expected at least one${without}`
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

function combineHashes(files: readonly LabelledFile[]): string {
  const [first] = files
  if (first !== undefined && files.length === 1) return first.sha256
  return createHash('sha256')
    .update(files.map(({ sha256 }) => `${sha256}\n`).join(''))
    .digest('hex')
}
