// Labelled posts from a file, all of them, with the hash of the file.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { cellText, guessColumns, isRejectedRow, openRows, type RowSource } from '@renown/files'
import { TEXT_LIMIT_CHARS } from '@renown/ml'
import { CliError } from '../errors.ts'
import { checkColumn, listColumns } from '../predict/choose-columns.ts'
import type { LabelMatcher } from './match-labels.ts'

export interface LabelledColumns {
  readonly text: string
  readonly label: string
}

export interface LabelledPosts {
  readonly texts: readonly string[]
  /** Class of each text. */
  readonly classes: readonly number[]
  readonly columns: LabelledColumns
  /** Rows without a text, or that could not be read. */
  readonly rejected: number
  /** Labels that the model doesn't know, and how many rows have them; those rows are left out. */
  readonly unknown: ReadonlyMap<string, number>
  readonly sha256: string
}

export interface ReadLabelledOptions {
  readonly textColumn?: string
  readonly labelColumn?: string
}

/** Throws COLUMN_NOT_FOUND, DATA_EMPTY, and the errors of `@renown/files`. */
export async function readLabelled(
  path: string,
  matcher: LabelMatcher,
  options: ReadLabelledOptions,
): Promise<LabelledPosts> {
  const source = await openRows(path)
  try {
    const columns = chooseLabelledColumns(path, source, options)
    const posts = await collect(source, columns, matcher)
    if (posts.texts.length === 0 && posts.unknown.size === 0) {
      throw new CliError('DATA_EMPTY', `${path} has no labelled posts: expected at least one`)
    }
    return { ...posts, columns, sha256: await hashOf(path) }
  } finally {
    await source.close()
  }
}

function chooseLabelledColumns(path: string, source: RowSource, options: ReadLabelledOptions): LabelledColumns {
  const guess = guessColumns(source.columns, source.sample)
  const text = options.textColumn ?? guess.text
  const label = options.labelColumn ?? guess.label
  if (options.textColumn !== undefined) checkColumn(path, source.columns, options.textColumn, '--text-column')
  if (options.labelColumn !== undefined) checkColumn(path, source.columns, options.labelColumn, '--label-column')
  if (text === null) refuseColumn(path, source, 'text', '--text-column')
  if (label === null) refuseColumn(path, source, 'labels', '--label-column')
  return { text, label }
}

function refuseColumn(path: string, source: RowSource, what: string, flag: string): never {
  throw new CliError(
    'COLUMN_NOT_FOUND',
    `${path} has no column that looks like ${what}: name it with ${flag}, one of ${listColumns(source.columns)}`,
  )
}

type Collected = Pick<LabelledPosts, 'texts' | 'classes' | 'rejected' | 'unknown'>

async function collect(source: RowSource, columns: LabelledColumns, matcher: LabelMatcher): Promise<Collected> {
  const texts: string[] = []
  const classes: number[] = []
  const unknown = new Map<string, number>()
  let rejected = 0
  for await (const row of source.rows({ textColumn: columns.text })) {
    const text = isRejectedRow(row) ? null : cellText(row.values[columns.text])
    if (isRejectedRow(row) || text === null || text.length > TEXT_LIMIT_CHARS) {
      rejected++
      continue
    }
    const value = row.values[columns.label]
    const found = matcher.match(value)
    if (found === null) {
      countOne(unknown, cellText(value) ?? '')
      continue
    }
    texts.push(text)
    classes.push(found)
  }
  return { texts, classes, rejected, unknown }
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
