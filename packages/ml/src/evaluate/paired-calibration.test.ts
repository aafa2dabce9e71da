// Differences of calibration errors: by hand, and their bounds by simulation.
import { expect, test } from 'vitest'
import { compareCalibration } from './paired-calibration.ts'
import { createRandomShare } from './random.ts'

test('the difference is that of the two errors', () => {
  const isRight = [true, true, false, true]
  const sure = { confidences: [0.99, 0.99, 0.99, 0.99], isRight }
  const honest = { confidences: [0.75, 0.75, 0.75, 0.75], isRight }
  // |0.99 − 0.75| and |0.75 − 0.75|.
  expect(compareCalibration(honest, sure).difference).toBeCloseTo(0.24, 12)
  expect(compareCalibration(sure, honest).difference).toBeCloseTo(-0.24, 12)
})

test('a classifier compared with itself differs by nothing, for certain', () => {
  const answers = { confidences: [0.5, 0.9, 0.7], isRight: [true, false, true] }
  expect(compareCalibration(answers, answers)).toEqual({ difference: 0, low: 0, high: 0 })
})

test('bounds repeat with the seed, and hold the difference', () => {
  const share = createRandomShare(3)
  const confidences = Array.from({ length: 800 }, () => 0.5 + 0.5 * share())
  const isRight = confidences.map((confidence) => share() < confidence)
  const [first, second] = [
    { confidences, isRight },
    { confidences: confidences.map((value) => (value + 2) / 3), isRight },
  ]
  const found = compareCalibration(first, second, { seed: 5 })
  expect(compareCalibration(first, second, { seed: 5 })).toEqual(found)
  expect(found.low).toBeLessThan(found.difference)
  expect(found.high).toBeGreaterThan(found.difference)
})

test('the lower bound lies above the true difference in a twentieth of all samples', () => {
  const share = createRandomShare(9)
  let above = 0
  for (let run = 0; run < 300; run++) {
    // One bin; the first is too sure by 10 points, the second by 15.
    const isRight = Array.from({ length: 400 }, () => share() < 0.8)
    const other = Array.from({ length: 400 }, () => share() < 0.8)
    const first = { confidences: isRight.map(() => 0.9), isRight }
    const second = { confidences: other.map(() => 0.95), isRight: other }
    above += compareCalibration(first, second, { seed: run, resamples: 100 }).low > 0.05 ? 1 : 0
  }
  // 15, with a standard deviation of 3.8.
  expect(Math.abs(above - 15)).toBeLessThan(11)
})
