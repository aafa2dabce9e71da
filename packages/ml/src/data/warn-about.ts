// What a person should know before training on this data.
import { type Preparation, RAW_PREPARATION } from '../text/preparation.ts'
import type { RowGroups } from './find-duplicates.ts'
import type { SplitLeaks } from './find-leaks.ts'
import { type RowSample, SAMPLE_SIZE, type SplitName } from './labelled-texts.ts'
import type { SplitReport } from './report-split.ts'

export const DATA_WARNING_CODES = [
  'LEAKS',
  'CONTRADICTING_LABELS',
  'DUPLICATES',
  'ONE_CLASS',
  'CLASS_MISSING',
  'EMPTY_TEXTS',
  'TEXTS_TOO_LONG',
  'TRUNCATED',
  'NOT_DECODED',
  'SEARCH_CUT_SHORT',
] as const

export type DataWarningCode = (typeof DATA_WARNING_CODES)[number]

export interface DataWarning {
  readonly code: DataWarningCode
  /** Of rows; groups for CONTRADICTING_LABELS, labels for CLASS_MISSING, texts for SEARCH_CUT_SHORT. */
  readonly count: number
  /** The first ten rows that it is about, where it is about rows. */
  readonly rows: readonly number[]
  /** Where the rows are. */
  readonly split: SplitName
  /** A sentence, without the rows. */
  readonly message: string
}

/** Shares of a split from which something that is always there in small numbers is worth a warning. */
const MANY_DUPLICATES = 0.01
const MANY_TRUNCATED = 0.05

interface Context {
  readonly labels: readonly string[]
  readonly preparation?: Preparation
  readonly window?: number
}

export function warnAbout(
  splits: readonly SplitReport[],
  leaks: readonly SplitLeaks[],
  context: Context,
): readonly DataWarning[] {
  return [...leaks.flatMap(warnOfLeaks), ...splits.flatMap((split) => warnOfSplit(split, context))]
}

function warnOfLeaks({ split, leaks, cutShort }: SplitLeaks): DataWarning[] {
  const exact = leaks.filter(({ kind }) => kind === 'exact').length
  const message = `train has ${rowsOf(leaks.length)} of ${split} (${format(exact)} equal, ${format(leaks.length - exact)} nearly equal): its figures will look better than they are`
  const rows = leaks.slice(0, SAMPLE_SIZE).map(({ row }) => row)
  return [
    ...warning('LEAKS', 'train', { count: leaks.length, rows }, message),
    ...warnOfCut('train', cutShort, `rows of ${split}`),
  ]
}

function warnOfSplit(report: SplitReport, context: Context): DataWarning[] {
  return [
    ...warnOfClasses(report, context),
    ...warnOfDuplicates(report),
    ...warnOfLengths(report, context),
    ...warnOfCoding(report, context),
  ]
}

function warnOfClasses({ split, counts }: SplitReport, { labels }: Context): DataWarning[] {
  const missing = labels.filter((_, index) => counts[index] === 0)
  const count = missing.length
  if (count === 0) return []
  const named = missing.map((label) => `"${label}"`).join(', ')
  const consequence =
    split === 'train'
      ? 'it will not be learnt'
      : 'figures that are means over labels leave it out or count it as nothing'
  const absent = warning(
    'CLASS_MISSING',
    split,
    { count, rows: [] },
    `${split} has no row with the label ${named}: ${consequence}`,
  )
  if (labels.length - count > 1) return absent
  return [...absent, ...warning('ONE_CLASS', split, { count: 1, rows: [] }, `all rows of ${split} have the same label`)]
}

function warnOfDuplicates({ split, rows, exact, near, cutShort }: SplitReport): DataWarning[] {
  const extra = exact.rows - exact.groups + near.rows - near.groups
  const contradicting = [exact, near].flatMap((summary) => summary.examples.slice(0, summary.contradicting))
  return [
    ...warning(
      'CONTRADICTING_LABELS',
      split,
      { count: exact.contradicting + near.contradicting, rows: firstRows(contradicting) },
      `${split} has ${groupsOf(exact.contradicting)} of equal texts and ${groupsOf(near.contradicting)} of nearly equal ones with several labels`,
    ),
    ...warning(
      'DUPLICATES',
      split,
      { count: extra >= MANY_DUPLICATES * rows ? extra : 0, rows: firstRows([...exact.examples, ...near.examples]) },
      `${split} repeats itself: ${rowsOf(exact.rows)} in ${groupsOf(exact.groups)} of equal texts, ${rowsOf(near.rows)} in ${groupsOf(near.groups)} of nearly equal ones`,
    ),
    ...warnOfCut(split, cutShort, 'others'),
  ]
}

function firstRows(groups: RowGroups): number[] {
  return [...new Set(groups.flat())].slice(0, SAMPLE_SIZE)
}

function warnOfCut(split: SplitName, count: number, others: string): DataWarning[] {
  return warning(
    'SEARCH_CUT_SHORT',
    split,
    { count, rows: [] },
    `${format(count)} different texts of ${split} resemble so many ${others} that not all were compared: there may be more duplicates`,
  )
}

function warnOfLengths({ split, rows, empty, tooLong, truncated }: SplitReport, { window }: Context): DataWarning[] {
  const cut = truncated ?? { count: 0, rows: [] }
  return [
    ...warning(
      'EMPTY_TEXTS',
      split,
      empty,
      `${split} has ${rowsOf(empty.count)} without text, or with none once prepared`,
    ),
    ...warning(
      'TEXTS_TOO_LONG',
      split,
      tooLong,
      `${split} has ${rowsOf(tooLong.count)} with more text than is tokenised`,
    ),
    ...warning(
      'TRUNCATED',
      split,
      cut.count >= MANY_TRUNCATED * rows ? cut : { count: 0, rows: [] },
      `${split} has ${rowsOf(cut.count)} with more than the ${format(window ?? 0)} tokens that are kept`,
    ),
  ]
}

function warnOfCoding(
  { split, escapes, entities }: SplitReport,
  { preparation = RAW_PREPARATION }: Context,
): DataWarning[] {
  const kept = (sample: RowSample, how: 'keep' | 'decode'): RowSample =>
    how === 'keep' ? sample : { count: 0, rows: [] }
  return [
    ...warning(
      'NOT_DECODED',
      split,
      kept(escapes, preparation.escapes),
      `${split} has ${rowsOf(escapes.count)} with literal escapes such as \\u2019, which the model's preparation keeps`,
    ),
    ...warning(
      'NOT_DECODED',
      split,
      kept(entities, preparation.entities),
      `${split} has ${rowsOf(entities.count)} with HTML entities such as &amp;, which the model's preparation keeps`,
    ),
  ]
}

/** None where nothing is concerned. */
function warning(code: DataWarningCode, split: SplitName, { count, rows }: RowSample, message: string): DataWarning[] {
  return count === 0 ? [] : [{ code, split, count, rows, message }]
}

function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${format(count)} rows`
}

function groupsOf(count: number): string {
  return count === 1 ? '1 group' : `${format(count)} groups`
}

function format(count: number): string {
  return count.toLocaleString('en-US')
}
