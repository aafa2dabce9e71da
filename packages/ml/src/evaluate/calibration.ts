// How far probabilities can be taken at their word.

/** Bins of the expected calibration error. */
export const CALIBRATION_BINS = 15

/**
 * Expected calibration error: rows are sorted into bins of equal width by the probability of the predicted class, and the
 * distances between a bin's mean probability and its share of right answers are averaged by the bins' sizes
 * (Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3, 15 bins).
 */
export function expectedCalibrationError(confidences: readonly number[], isRight: readonly boolean[]): number {
  const gaps = new Float64Array(CALIBRATION_BINS)
  for (const [row, confidence] of confidences.entries()) {
    const bin = Math.min(CALIBRATION_BINS - 1, Math.max(0, Math.ceil(confidence * CALIBRATION_BINS) - 1))
    gaps[bin] = (gaps[bin] ?? 0) + confidence - (isRight[row] ? 1 : 0)
  }
  return gaps.reduce((total, gap) => total + Math.abs(gap), 0) / confidences.length
}
