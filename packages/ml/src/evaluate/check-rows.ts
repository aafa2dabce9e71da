// Refuses labels and probabilities that can't be scored.
import { MlError } from '../errors.ts'

/** Sums of a row's probabilities may differ from 1 by the rounding of float32 and of files. */
const SUM_TOLERANCE = 1e-3

export function checkLabels(labels: readonly number[], rows: number, classes: number): void {
  if (labels.length === 0) throw invalid('expected labelled rows, got none')
  if (labels.length !== rows) throw invalid(`expected as many labels as rows, got ${labels.length} and ${rows}`)
  for (const [row, label] of labels.entries()) {
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw invalid(`row ${row}: expected a label from 0 to ${classes - 1}, got ${label}`)
    }
  }
}

export function checkProbabilities(probabilities: readonly (readonly number[])[], classes: number): void {
  for (const [row, values] of probabilities.entries()) {
    const sum = values.reduce((total, value) => total + value, 0)
    const isSound =
      values.length === classes && values.every((value) => value >= 0) && Math.abs(sum - 1) <= SUM_TOLERANCE
    if (!isSound)
      throw invalid(`row ${row}: expected ${classes} probabilities that sum to 1, got [${values.join(', ')}]`)
  }
}

function invalid(reason: string): MlError {
  return new MlError('EVALUATION_INVALID', `Cannot evaluate: ${reason}`)
}
