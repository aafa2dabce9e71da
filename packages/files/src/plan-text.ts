// What kind of text this is, decided from its first bytes, then from its name: format, delimiter, header.
import { extname } from 'node:path'
import { COLUMN_ROLES, hintRank } from './column-hints.ts'
import type { Dialect } from './delimiter.ts'
import { detectDialect, looksLikeHeader } from './delimiter.ts'
import { TEXT_COLUMN } from './line-parser.ts'
import type { FileFormat } from './rows.ts'

export interface TextPlan {
  readonly format: Exclude<FileFormat, 'parquet'>
  readonly delimiter: string | null
  /** Names where the file has no header; null where its first record is one. */
  readonly columns: readonly string[] | null
  /** The first line names the delimiter, as spreadsheets have it (`sep=;`), and is no record. */
  readonly namesDelimiter: boolean
}

export interface TextHints {
  readonly format?: FileFormat
  readonly name?: string
  readonly delimiter?: string
  readonly header?: boolean
}

type TextFormat = TextPlan['format']

const EXTENSIONS: Readonly<Record<string, TextFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.txt': 'txt',
}

/** The sample is UTF-8 and may end anywhere, unless it is `complete`. */
export function planText(sample: Uint8Array, complete: boolean, hints: TextHints): TextPlan {
  const named = formatOfName(hints.name)
  const format = hints.format === 'parquet' ? undefined : hints.format
  if (format === 'txt' || format === 'json' || format === 'jsonl') return plainPlan(format)
  const json = format === undefined ? jsonFormat(Buffer.from(sample).toString('utf8'), complete, named) : null
  if (json !== null) return plainPlan(json)
  return planDelimited(sample, complete, hints, format ?? named)
}

/** The extension's format, below `.gz`. */
function formatOfName(name: string | undefined): TextFormat | undefined {
  if (name === undefined) return undefined
  const plain = name.toLowerCase().replace(/\.gz(ip)?$/, '')
  return EXTENSIONS[extname(plain)]
}

function plainPlan(format: TextFormat): TextPlan {
  return { format, delimiter: null, columns: null, namesDelimiter: false }
}

/** A document starts like one; a line that is a whole object means one object a line. */
function jsonFormat(sample: string, complete: boolean, named: TextFormat | undefined): 'json' | 'jsonl' | null {
  const text = sample.trimStart()
  if (/^\[\s*(?:[{["\]]|$)/.test(text)) return 'json'
  if (!/^\{\s*(?:["}]|$)/.test(text)) return named === 'jsonl' && text.startsWith('"') ? 'jsonl' : null
  if (named === 'jsonl') return 'jsonl'
  const end = text.indexOf('\n')
  const whole = end >= 0 || complete
  const first = whole ? parseObject(end < 0 ? text : text.slice(0, end)) : null
  if (first === null) return 'json'
  const holdsRows = Object.values(first).some((value) => Array.isArray(value) && isObject(value[0]))
  const alone = text.slice(end < 0 ? text.length : end).trim() === ''
  return alone && complete && holdsRows ? 'json' : 'jsonl'
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A table that isn't called one has to look the part: the same number of fields nearly everywhere, and a header. */
const CONVINCING = 0.9
const RAGGED = 0.5

/** `sep=;` on a line of its own: any one ASCII character. */
const DELIMITER_LINE = /^"?sep=([\t -~])"?\r?\n/i
const LONGEST_DELIMITER_LINE = 9

function planDelimited(sample: Uint8Array, complete: boolean, hints: TextHints, format?: TextFormat): TextPlan {
  const line = DELIMITER_LINE.exec(Buffer.from(sample.subarray(0, LONGEST_DELIMITER_LINE)).toString('latin1'))
  if (line === null) return planRecords(sample, complete, hints, format)
  const named = { delimiter: line[1] as string, ...hints }
  return { ...planRecords(sample.subarray(line[0].length), complete, named, format), namesDelimiter: true }
}

function planRecords(sample: Uint8Array, complete: boolean, hints: TextHints, format?: TextFormat): TextPlan {
  const only = hints.delimiter ?? (hints.format === 'tsv' ? '\t' : undefined)
  const dialect = detectDialect(sample, complete, only)
  const isTable = format === 'csv' || format === 'tsv' || hints.delimiter !== undefined || hints.header !== undefined
  const header = hints.header ?? hasHeader(dialect)
  if (!isTable && !looksLikeTable(dialect, header)) return plainPlan('txt')
  if (dialect.delimiter === null || (!header && dialect.consistency < RAGGED && only === undefined)) {
    return { format: 'csv', delimiter: null, columns: header ? null : [TEXT_COLUMN], namesDelimiter: false }
  }
  const width = dialect.records[0]?.length ?? 0
  return {
    format: dialect.delimiter === '\t' ? 'tsv' : 'csv',
    delimiter: dialect.delimiter,
    columns: header ? null : Array.from({ length: width }, (_, index) => `column_${index + 1}`),
    namesDelimiter: false,
  }
}

function looksLikeTable(dialect: Dialect, header: boolean): boolean {
  if (dialect.delimiter === null) return header && hintRank(dialect.records[0]?.[0] ?? '', 'text') !== null
  return header && dialect.records.length > 1 && dialect.consistency >= CONVINCING
}

/**
 * One column alone: its name has at most two words; more is a post. Several columns that the rows don't bear out, none
 * with a name that is known, are a post with commas.
 */
function hasHeader({ delimiter, records, consistency }: Dialect): boolean {
  const first = records[0] ?? []
  if (!looksLikeHeader(first)) return false
  if (delimiter === null) return (first[0] ?? '').trim().split(/\s+/).length <= 2
  return consistency >= RAGGED || first.some((cell) => COLUMN_ROLES.some((role) => hintRank(cell, role) !== null))
}
