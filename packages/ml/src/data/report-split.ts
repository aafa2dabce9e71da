// Counts, lengths and duplicates of one split.
import { type Preparation, RAW_PREPARATION } from '../text/preparation.ts'
import { prepareText } from '../text/prepare-text.ts'
import { TEXT_LIMIT_CHARS } from '../tokenization/text-encoder.ts'
import { findSketchedDuplicates, type RowGroups } from './find-duplicates.ts'
import {
  countClasses,
  type LabelledTexts,
  type RowSample,
  SAMPLE_SIZE,
  type SplitName,
  sampleRows,
} from './labelled-texts.ts'
import { type Quantiles, quantilesOf } from './quantiles.ts'
import type { TextSketches } from './sketch-texts.ts'

export interface SplitReport {
  readonly split: SplitName
  readonly rows: number
  /** Rows of each label. */
  readonly counts: readonly number[]
  /** Nothing but white space is left once they are prepared. */
  readonly empty: RowSample
  /** Longer than is tokenised. */
  readonly tooLong: RowSample
  /** With literal escapes (`\u2019`), and with HTML entities (`&amp;`). */
  readonly escapes: RowSample
  readonly entities: RowSample
  /** UTF-16 units of the texts as they came. */
  readonly characters: Quantiles
  /** Of the prepared texts, special tokens included; null without an encoder. Texts that are too long have no part in it. */
  readonly tokens: Quantiles | null
  /** Texts with more tokens than are kept; null without an encoder or a window. */
  readonly truncated: RowSample | null
  readonly exact: GroupSummary
  readonly near: GroupSummary
  /** Different texts that resemble too many others for all to be compared. */
  readonly cutShort: number
}

export interface GroupSummary {
  readonly groups: number
  /** In all groups. */
  readonly rows: number
  /** Groups whose rows have different labels. */
  readonly contradicting: number
  /** Ten rows at most of each of the first ten groups; those that contradict themselves come first. */
  readonly examples: RowGroups
}

export interface ReportOptions {
  readonly labels: readonly string[]
  readonly threshold: number
  readonly preparation?: Preparation
  readonly encode?: (text: string) => ArrayLike<number>
  readonly window?: number
}

export function reportSplit(
  split: SplitName,
  { texts, classes }: LabelledTexts,
  sketches: TextSketches,
  options: ReportOptions,
): SplitReport {
  const rows = texts.length
  const { preparation = RAW_PREPARATION, labels, threshold } = options
  const prepared = texts.map((text) => prepareText(text, preparation))
  const textOf = (row: number): string => texts[row] ?? ''
  const duplicates = findSketchedDuplicates(sketches, threshold)
  return {
    split,
    rows,
    counts: countClasses(classes, labels.length),
    empty: sampleRows(rows, (row) => prepared[row]?.trim() === ''),
    tooLong: sampleRows(rows, (row) => isTooLong(textOf(row))),
    escapes: sampleRows(rows, (row) => hasEscapes(textOf(row))),
    entities: sampleRows(rows, (row) => hasEntities(textOf(row))),
    characters: quantilesOf(Uint32Array.from(texts, ({ length }) => length)),
    ...countTokens(texts, prepared, options),
    exact: summariseGroups(duplicates.exact, classes),
    near: summariseGroups(duplicates.near, classes),
    cutShort: duplicates.cutShort,
  }
}

function isTooLong(text: string): boolean {
  return text.length > TEXT_LIMIT_CHARS
}

const WELL_FORMED = RAW_PREPARATION
const DECODED_ESCAPES: Preparation = { ...RAW_PREPARATION, escapes: 'decode' }
const DECODED_BOTH: Preparation = { ...DECODED_ESCAPES, entities: 'decode' }

function hasEscapes(text: string): boolean {
  return text.includes('\\') && prepareText(text, DECODED_ESCAPES) !== prepareText(text, WELL_FORMED)
}

/** Those that escapes hide count too. */
function hasEntities(text: string): boolean {
  if (!text.includes('&') && !text.includes('\\')) return false
  return prepareText(text, DECODED_BOTH) !== prepareText(text, DECODED_ESCAPES)
}

function countTokens(
  texts: readonly string[],
  prepared: readonly string[],
  { encode, window }: ReportOptions,
): Pick<SplitReport, 'tokens' | 'truncated'> {
  if (encode === undefined) return { tokens: null, truncated: null }
  const isCounted = (row: number): boolean => !isTooLong(texts[row] ?? '')
  const lengths = Uint32Array.from(prepared, (text, row) => (isCounted(row) ? encode(text).length : 0))
  return {
    tokens: quantilesOf(lengths.filter((_, row) => isCounted(row))),
    truncated: window === undefined ? null : sampleRows(lengths.length, (row) => (lengths[row] ?? 0) > window),
  }
}

function summariseGroups(groups: RowGroups, classes: ArrayLike<number>): GroupSummary {
  const contradicts = (rows: readonly number[]): boolean => rows.some((row) => classes[row] !== classes[rows[0] ?? 0])
  const contradicting = groups.filter(contradicts)
  const others = groups.filter((rows) => !contradicts(rows))
  return {
    groups: groups.length,
    rows: groups.reduce((sum, rows) => sum + rows.length, 0),
    contradicting: contradicting.length,
    examples: [...contradicting, ...others].slice(0, SAMPLE_SIZE).map((rows) => rows.slice(0, SAMPLE_SIZE)),
  }
}
