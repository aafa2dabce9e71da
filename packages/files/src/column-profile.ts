// What the first cells of a column look like: how long, how different, how many are dates, numbers, links.
import { parseDate } from './parse-date.ts'
import type { SourceRow } from './rows.ts'
import { cellText } from './rows.ts'

export interface ColumnProfile {
  readonly name: string
  /** Cells that hold something; all shares are of these. */
  readonly filled: number
  readonly meanBytes: number
  /** Cells of at least two words, or as long as two words where the script has no spaces. */
  readonly sentences: number
  readonly distinct: number
  readonly values: number
  readonly numbers: number
  readonly links: number
  /** Dates in writing; a bare number is never counted, although it may be an epoch. */
  readonly dates: number
  readonly epochs: number
  readonly sentiments: number
  /** Lists, objects. */
  readonly structures: number
}

const NUMBER = /^[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?$/i
const LINK = /^(?:https?:\/\/|www\.)\S+$/i
const SENTIMENT = /^(?:neg(?:ative)?|neu(?:tral)?|pos(?:itive)?)$/i
const BYTES_OF_TWO_WORDS = 12

export function profileColumn(name: string, sample: readonly SourceRow[]): ColumnProfile {
  const cells = sample.map(({ values }) => values[name]).filter((cell) => cell !== null && cell !== undefined)
  const structures = cells.filter((cell) => typeof cell === 'object' && !(cell instanceof Date)).length
  const texts = cells.map((cell) => (cellText(cell) ?? '').trim()).filter((text) => text !== '')
  const share = (test: (text: string) => boolean): number =>
    texts.length === 0 ? 0 : texts.filter(test).length / texts.length
  const different = new Set(texts).size
  return {
    name,
    filled: texts.length,
    meanBytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / Math.max(1, texts.length),
    sentences: share(
      (text) => /\S\s+\S/.test(text) || (hasWideScript(text) && Buffer.byteLength(text) >= BYTES_OF_TWO_WORDS),
    ),
    distinct: different / Math.max(1, texts.length),
    values: different,
    numbers: share((text) => NUMBER.test(text)),
    links: share((text) => LINK.test(text)),
    dates: share((text) => !NUMBER.test(text) && isDateShaped(text)),
    epochs: share((text) => NUMBER.test(text) && parseDate(text) !== null),
    sentiments: share((text) => SENTIMENT.test(text)),
    structures: cells.length === 0 ? 0 : structures / cells.length,
  }
}

/** Chinese, Japanese, Thai and others put no spaces between words. */
function hasWideScript(text: string): boolean {
  return /[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/.test(text)
}

function isDateShaped(text: string): boolean {
  return parseDate(text, 'day-first') !== null || parseDate(text, 'month-first') !== null
}
