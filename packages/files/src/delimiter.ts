// Which character separates the fields, and whether the first record names the columns.
import { DEFAULT_LIMITS } from './limits.ts'
import { parseDate } from './parse-date.ts'
import { RecordSplitter } from './record-splitter.ts'

export const DELIMITERS = [',', '\t', ';', '|'] as const

const RECORDS_LOOKED_AT = 200

export interface Dialect {
  readonly delimiter: string | null
  /** The first records, split. */
  readonly records: readonly (readonly string[])[]
  /** Share of the records that have as many fields as the first. */
  readonly consistency: number
}

/** `sample` is UTF-8 and may end anywhere; its last record is not looked at unless it is `complete`. */
export function detectDialect(sample: Uint8Array, complete: boolean, only?: string): Dialect {
  const candidates = only === undefined ? DELIMITERS : [only]
  const dialects = candidates.map((delimiter) => readDialect(sample, complete, delimiter))
  const wide = dialects.filter(({ records }) => (records[0]?.length ?? 0) > 1)
  const best = wide.sort((a, b) => quality(b) - quality(a))[0]
  return best ?? { ...readDialect(sample, complete, null), delimiter: null }
}

/** Agreement among the records counts most; of two that agree alike, the one with more columns wins. */
function quality({ consistency, records }: Dialect): number {
  return consistency + Math.min(records[0]?.length ?? 0, 100) / 1000
}

function readDialect(sample: Uint8Array, complete: boolean, delimiter: string | null): Dialect {
  const records: string[][] = []
  const splitter = new RecordSplitter(delimiter, DEFAULT_LIMITS, {
    record() {
      if (records.length >= RECORDS_LOOKED_AT) return
      records.push(Array.from({ length: splitter.storedFields }, (_, index) => splitter.fieldText(index)))
    },
    reject() {},
  })
  splitter.push(sample)
  if (complete || records.length === 0) splitter.end()
  const width = records[0]?.length ?? 0
  const alike = records.filter((record) => record.length === width).length
  return { delimiter, records, consistency: records.length === 0 ? 0 : alike / records.length }
}

const LONGEST_NAME = 64
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i
const NOT_A_NAME = /^https?:\/\/|^@\w|[.!?…]$|\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+\S+/

/**
 * A header's cells are short words: no numbers, dates, links or sentences. One cell that can't be a name means that
 * the first record is data, except where the cells are 0, 1, 2 …, the names of a table that has none.
 */
export function looksLikeHeader(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim())
  if (names.length > 1 && names.every((name, index) => name === String(index))) return true
  if (names.every((name) => name === '')) return false
  return names.every((name) => name.length <= LONGEST_NAME && !isData(name))
}

function isData(cell: string): boolean {
  return cell !== '' && (NUMBER.test(cell) || NOT_A_NAME.test(cell) || parseDate(cell) !== null)
}
