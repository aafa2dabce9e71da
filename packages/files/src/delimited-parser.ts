// Records to rows: the header names the columns, and a record with another number of fields is rejected.
import { cleanColumnNames } from './column-names.ts'
import { FilesError } from './errors.ts'
import type { FileLimits } from './limits.ts'
import { RecordSplitter } from './record-splitter.ts'
import type { RowOutcome } from './rows.ts'
import { Outcomes, parserOver, type TextParser } from './text-parser.ts'

export interface DelimitedOptions {
  readonly delimiter: string | null
  /** Names for a file without a header; null where the first record is the header. */
  readonly columns: readonly string[] | null
  /** The first record is no record: it names the delimiter. */
  readonly namesDelimiter: boolean
  readonly limits: FileLimits
}

export function createDelimitedParser(options: DelimitedOptions): TextParser {
  const { limits } = options
  let skip = options.namesDelimiter
  let columns = options.columns === null ? null : cleanColumnNames(options.columns)
  const outcomes = new Outcomes()

  const splitter = new RecordSplitter(options.delimiter, limits, {
    record(line) {
      if (!splitter.isValid()) outcomes.countRepaired()
      if (skip) skip = false
      else if (columns === null) columns = readHeader(splitter, limits)
      else outcomes.add(readRow(splitter, columns, line))
    },
    reject(line, code, reason) {
      if (columns === null) throw new FilesError('HEADER_INVALID', `The header (line ${line}) can't be read: ${reason}`)
      outcomes.add({ line, code, reason })
    },
  })

  return parserOver(splitter, outcomes, () => columns ?? [])
}

function readHeader(splitter: RecordSplitter, limits: FileLimits): string[] {
  const count = splitter.fieldCount
  if (count > limits.columns) {
    throw new FilesError('TOO_MANY_COLUMNS', `Expected at most ${limits.columns} columns, got ${count}.`)
  }
  return cleanColumnNames(Array.from({ length: count }, (_, index) => splitter.fieldText(index)))
}

function readRow(splitter: RecordSplitter, columns: readonly string[], line: number): RowOutcome {
  const count = splitter.fieldCount
  if (count !== columns.length && !hasOnlyEmptyExtras(splitter, columns.length)) {
    return { line, code: 'COLUMN_COUNT', reason: `Expected ${columns.length} fields, got ${count}.` }
  }
  const values: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index++) values[columns[index]!] = splitter.fieldText(index)
  return { line, values }
}

/** Spreadsheets write delimiters for empty columns on the right. */
function hasOnlyEmptyExtras(splitter: RecordSplitter, expected: number): boolean {
  if (splitter.fieldCount < expected || splitter.fieldCount > splitter.storedFields) return false
  for (let index = expected; index < splitter.fieldCount; index++) if (!splitter.fieldIsEmpty(index)) return false
  return true
}
