// Lines to rows: JSON Lines, and plain text with one post a line.
import { withoutPrototypeKey } from './column-names.ts'
import type { FileLimits } from './limits.ts'
import { createLineSplitter } from './line-splitter.ts'
import type { RowOutcome } from './rows.ts'
import { Outcomes, parserOver, rejectLongField, type TextParser } from './text-parser.ts'

/** The column that plain text, and a JSON value that is just a string, are put in. */
export const TEXT_COLUMN = 'text'

export function createJsonLinesParser(limits: FileLimits): TextParser {
  return createLineParser(limits.rowBytes, 'ROW_TOO_LONG', collectColumns(limits), (text, line) =>
    readJsonRow(text, line, limits),
  )
}

export function createPlainTextParser(limits: FileLimits): TextParser {
  const columns = { add: () => {}, list: () => [TEXT_COLUMN] }
  return createLineParser(limits.fieldBytes, 'FIELD_TOO_LONG', columns, (text, line) => ({
    line,
    values: { [TEXT_COLUMN]: text },
  }))
}

/** One JSON value as a row: an object is one, a string is its text; numbers, lists and the rest are not. */
export function readJsonRow(json: string, line: number, limits: FileLimits): RowOutcome {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    return { line, code: 'JSON_INVALID', reason: `Expected JSON: ${shortReason(cause)}` }
  }
  if (typeof value === 'string') value = { [TEXT_COLUMN]: value }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const got = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`
    return { line, code: 'JSON_NOT_OBJECT', reason: `Expected an object or a string, got ${got}.` }
  }
  const values = withoutPrototypeKey(value as Record<string, unknown>)
  return rejectLongField(values, line, limits) ?? { line, values }
}

/** The engine's words without the piece of text that it quotes: a reason may be logged. */
function shortReason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : ''
  const position = /position \d+/.exec(message)
  return position === null ? 'the value is broken or incomplete.' : `unexpected character at ${position[0]}.`
}

export interface ColumnCollector {
  add(row: RowOutcome): void
  list(): readonly string[]
}

/** Every key that was seen, in order of appearance, up to the limit. */
export function collectColumns(limits: FileLimits): ColumnCollector {
  const names = new Set<string>()
  return {
    add(row) {
      if (!('values' in row) || names.size >= limits.columns) return
      for (const name of Object.keys(row.values)) names.add(name)
    },
    list: () => [...names].slice(0, limits.columns),
  }
}

/** Columns are collected from the first rows only: later ones keep their keys but name no new columns. */
const ROWS_THAT_NAME_COLUMNS = 1000

function createLineParser(
  maxBytes: number,
  tooLongCode: 'ROW_TOO_LONG' | 'FIELD_TOO_LONG',
  columns: ColumnCollector,
  read: (text: string, line: number) => RowOutcome,
): TextParser {
  const outcomes = new Outcomes()
  let rows = 0
  const splitter = createLineSplitter(maxBytes, {
    line(text, line, valid) {
      if (text.trim() === '') return
      if (!valid) outcomes.countRepaired()
      const outcome = read(text, line)
      if (rows++ < ROWS_THAT_NAME_COLUMNS) columns.add(outcome)
      outcomes.add(outcome)
    },
    tooLong: (line) => {
      outcomes.add({ line, code: tooLongCode, reason: `The line is longer than ${maxBytes} bytes.` })
    },
  })
  return parserOver(splitter, outcomes, () => columns.list())
}
