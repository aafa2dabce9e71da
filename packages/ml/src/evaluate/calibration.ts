// How far probabilities can be taken at their word.

/** Bins of the expected calibration error. */
export const CALIBRATION_BINS = 15

/** The rows whose predicted class has a probability in (low, high]; the first bin holds 0 too. */
export interface CalibrationBin {
  readonly low: number
  readonly high: number
  /** Rows. */
  readonly n: number
  /** Mean probability of the predicted class; 0 in an empty bin. */
  readonly confidence: number
  /** Share of right answers; 0 in an empty bin. */
  readonly accuracy: number
}

/**
 * The reliability diagram as numbers: rows sorted into bins of equal width by the probability of the predicted class
 * (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2).
 */
export function calibrationBins(
  confidences: readonly number[],
  isRight: readonly boolean[],
  bins: number = CALIBRATION_BINS,
): CalibrationBin[] {
  const counts = new Float64Array(bins)
  const sums = new Float64Array(bins)
  const hits = new Float64Array(bins)
  for (const [row, confidence] of confidences.entries()) {
    const bin = findBin(confidence, bins)
    counts[bin]! += 1
    sums[bin]! += confidence
    hits[bin]! += isRight[row] ? 1 : 0
  }
  return Array.from({ length: bins }, (_, bin) => {
    const n = counts[bin]!
    return {
      low: bin / bins,
      high: (bin + 1) / bins,
      n,
      confidence: n === 0 ? 0 : sums[bin]! / n,
      accuracy: n === 0 ? 0 : hits[bin]! / n,
    }
  })
}

/** Number of the bin that a probability belongs to. */
export function findBin(confidence: number, bins: number = CALIBRATION_BINS): number {
  return Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))
}

/**
 * Expected calibration error: the distances between a bin's mean probability and its share of right answers, averaged by
 * the bins' sizes (Guo et al. 2017, equation 3).
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((total, { n }) => total + n, 0)
  return bins.reduce((total, { n, confidence, accuracy }) => total + n * Math.abs(confidence - accuracy), 0) / rows
}
