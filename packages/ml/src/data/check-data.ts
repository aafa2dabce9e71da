// Refuses data that nothing can be learnt from.
import { MlError } from '../errors.ts'
import { countClasses, type LabelledTexts, type RowSample, type SplitName, sampleRows } from './labelled-texts.ts'

export interface CheckedData {
  readonly train: LabelledTexts
  readonly validation?: LabelledTexts
  readonly test?: LabelledTexts
  readonly labels: readonly string[]
}

/**
 * Throws MlError: DATA_INVALID where texts and classes don't go together, DATA_EMPTY where a split has no text,
 * DATA_UNLABELLED where none of its rows has a label, LABELS_UNKNOWN where some have one that is none of `labels`,
 * DATA_ONE_CLASS where the training rows have all the same label. Messages name counts and the first ten rows, from 0.
 */
export function checkData({ train, validation, test, labels }: CheckedData): void {
  if (labels.length < 2) {
    throw new MlError('DATA_ONE_CLASS', `Expected at least two labels to tell apart, got ${listLabels(labels)}`)
  }
  checkSplit('train', train, labels)
  if (validation !== undefined) checkSplit('validation', validation, labels)
  if (test !== undefined) checkSplit('test', test, labels)
  const counts = countClasses(train.classes, labels.length)
  const present = counts.flatMap((count, index) => (count > 0 ? [labels[index] ?? ''] : []))
  if (present.length < 2) {
    throw new MlError(
      'DATA_ONE_CLASS',
      `train: all ${train.texts.length} rows have the label ${listLabels(present)}: expected at least two labels`,
    )
  }
}

function checkSplit(split: SplitName, { texts, classes }: LabelledTexts, labels: readonly string[]): void {
  const rows = texts.length
  if (rows !== classes.length && classes.length > 0) {
    throw new MlError('DATA_INVALID', `${split}: expected a class for each of ${rows} texts, got ${classes.length}`)
  }
  if (texts.every((text) => text.trim() === '')) {
    throw new MlError('DATA_EMPTY', `${split}: expected rows with a text, got ${rows} rows, none with one`)
  }
  const unknown = sampleRows(rows, (row) => !isClass(classes[row], labels.length))
  if (unknown.count === rows) {
    throw new MlError('DATA_UNLABELLED', `${split}: none of ${rows} rows has one of the labels ${listLabels(labels)}`)
  }
  if (unknown.count === 0) return
  throw new MlError(
    'LABELS_UNKNOWN',
    `${split}: expected classes from 0 to ${labels.length - 1} (${listLabels(labels)}), got others in ${describeSample(unknown)}`,
  )
}

function isClass(value: number | undefined, labels: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value < labels
}

function listLabels(labels: readonly string[]): string {
  return labels.length === 0 ? 'none' : labels.map((label) => `"${label}"`).join(', ')
}

function describeSample({ count, rows }: RowSample): string {
  const more = count > rows.length ? ` and ${count - rows.length} more` : ''
  return `${count === 1 ? 'row' : 'rows'} ${rows.join(', ')}${more}`
}
