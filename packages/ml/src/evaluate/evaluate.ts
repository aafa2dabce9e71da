// How good a classifier is on labelled rows: the figures that manifests, cards and gates hold.
import { MlError } from '../errors.ts'
import { type BootstrapIntervals, bootstrapIntervals } from './bootstrap.ts'
import { type CalibrationBin, calibrationBins, expectedCalibrationError } from './calibration.ts'
import { checkLabels, checkProbabilities } from './check-rows.ts'
import { type ClassFigures, type Confusion, confusionFigures, countConfusion } from './confusion.ts'

export interface ClassEvaluation extends ClassFigures {
  readonly label: string
}

export interface Evaluation {
  /** Rows. */
  readonly n: number
  readonly accuracy: number
  /** Mean recall over the classes that occur among the labels: TweetEval's metric. */
  readonly macroRecall: number
  readonly macroF1: number
  readonly perClass: readonly ClassEvaluation[]
  /** `confusion[label][prediction]` counts, in the order of the classes. */
  readonly confusion: Confusion
  /** Expected calibration error over `bins`. */
  readonly ece: number
  /** The reliability diagram: 15 bins of equal width. */
  readonly bins: readonly CalibrationBin[]
  /** Mean negative log-likelihood of the labels, in nats. */
  readonly nll: number
  /** Mean squared distance between the probabilities and the label, 0 to 2 (Brier 1950). */
  readonly brier: number
  /** 95 % bootstrap intervals. */
  readonly intervals: BootstrapIntervals
  readonly seed: number
  readonly resamples: number
}

export interface EvaluationOptions {
  readonly seed?: number
  readonly resamples?: number
}

/**
 * Scores probabilities against labels (indices into `classes`). The same rows and seed give the same numbers on every
 * machine. The predicted class is the first of the most probable. Throws MlError EVALUATION_INVALID on no rows, different
 * lengths, labels out of range, or rows that aren't probabilities.
 */
export function evaluate(
  labels: readonly number[],
  probabilities: readonly (readonly number[])[],
  classes: readonly string[],
  options: EvaluationOptions = {},
): Evaluation {
  const { seed = 42, resamples = 1_000 } = options
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new MlError('EVALUATION_INVALID', `Cannot evaluate: expected at least one resample, got ${resamples}`)
  }
  checkLabels(labels, probabilities.length, classes.length)
  checkProbabilities(probabilities, classes.length)
  const predictions = probabilities.map(indexOfLargest)
  const confusion = countConfusion(labels, predictions, classes.length)
  const figures = confusionFigures(confusion)
  const bins = calibrationBins(
    probabilities.map((row, index) => row[predictions[index] ?? 0] ?? 0),
    predictions.map((prediction, index) => prediction === labels[index]),
  )
  return {
    n: labels.length,
    ...figures,
    perClass: figures.perClass.map((entry, index) => ({ label: classes[index] ?? '', ...entry })),
    confusion,
    ece: expectedCalibrationError(bins),
    bins,
    ...probabilityScores(labels, probabilities),
    intervals: bootstrapIntervals(confusion, { seed, resamples }),
    seed,
    resamples,
  }
}

/** A probability of 0 on the true class counts as the smallest one that a float32 holds, so that the mean stays finite. */
const SMALLEST_PROBABILITY = 2 ** -149

function probabilityScores(
  labels: readonly number[],
  probabilities: readonly (readonly number[])[],
): { nll: number; brier: number } {
  let nll = 0
  let brier = 0
  for (const [row, values] of probabilities.entries()) {
    const label = labels[row] ?? 0
    nll -= Math.log(Math.max(values[label] ?? 0, SMALLEST_PROBABILITY))
    for (const [index, value] of values.entries()) brier += (value - (index === label ? 1 : 0)) ** 2
  }
  return { nll: nll / labels.length, brier: brier / labels.length }
}

function indexOfLargest(values: readonly number[]): number {
  let best = 0
  for (const [index, value] of values.entries()) if (value > (values[best] ?? 0)) best = index
  return best
}
