// How much worse the probabilities of one classifier hold than another's, on the same rows.
import { CALIBRATION_BINS, calibrationBins, expectedCalibrationError, findBin } from './calibration.ts'
import { normalQuantile } from './normal.ts'
import { createRandomIndex, type RandomIndex } from './random.ts'

/** A classifier's answers: the probability of each predicted class, and whether it is right. */
export interface CalibratedAnswers {
  readonly confidences: readonly number[]
  readonly isRight: readonly boolean[]
}

/** Of expected calibration errors, the second less the first. */
export interface CalibrationDifference {
  readonly difference: number
  /** One-sided bounds. */
  readonly low: number
  readonly high: number
}

export interface CalibrationOptions {
  /** Of the one-sided bounds. */
  readonly confidence?: number
  readonly seed?: number
  readonly resamples?: number
}

/**
 * Bounds from the spread of the difference over resampled rows. Their percentiles would not do: resampling adds to a
 * calibration error, and more to the smaller one.
 */
export function compareCalibration(
  first: CalibratedAnswers,
  second: CalibratedAnswers,
  options: CalibrationOptions = {},
): CalibrationDifference {
  const { confidence = 0.95, seed = 42, resamples = 300 } = options
  const random = createRandomIndex(seed)
  const gaps = [toGaps(first), toGaps(second)] as const
  const drawn = Array.from({ length: resamples }, () => {
    const rows = drawRows(first.isRight.length, random)
    return errorOf(gaps[1], rows) - errorOf(gaps[0], rows)
  })
  const mean = drawn.reduce((sum, value) => sum + value, 0) / resamples
  const spread = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / resamples)
  const difference = calibrationError(second) - calibrationError(first)
  const reach = normalQuantile(confidence) * spread
  return { difference, low: difference - reach, high: difference + reach }
}

function calibrationError({ confidences, isRight }: CalibratedAnswers): number {
  return expectedCalibrationError(calibrationBins(confidences, isRight))
}

/** Of each row its bin, and what its probability is too high by. */
interface Gaps {
  readonly bins: Uint8Array
  readonly gaps: Float64Array
}

function toGaps({ confidences, isRight }: CalibratedAnswers): Gaps {
  return {
    bins: Uint8Array.from(confidences, (confidence) => findBin(confidence)),
    gaps: Float64Array.from(confidences, (confidence, row) => confidence - (isRight[row] === true ? 1 : 0)),
  }
}

function drawRows(rows: number, random: RandomIndex): Uint32Array {
  return Uint32Array.from({ length: rows }, () => random(rows))
}

/** A bin's share of the error is the sum of its gaps, without its sign. */
function errorOf({ bins, gaps }: Gaps, rows: Uint32Array): number {
  const sums = new Float64Array(CALIBRATION_BINS)
  for (const row of rows) {
    const bin = bins[row]!
    sums[bin] = sums[bin]! + gaps[row]!
  }
  return sums.reduce((total, sum) => total + Math.abs(sum), 0) / rows.length
}
