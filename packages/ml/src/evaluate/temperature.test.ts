// Temperature fitting finds the least log-likelihood.
import { expect, test } from 'vitest'
import type { MlError } from '../errors.ts'
import { createRandomIndex } from './random.ts'
import { fitTemperature } from './temperature.ts'

/** Labels drawn from the softmax of logits, which are then made `factor` times too large. */
function overconfident(rows: number, factor: number): { logits: Float32Array[]; labels: number[] } {
  const random = createRandomIndex(3)
  const uniform = (): number => random(1 << 30) / (1 << 30)
  const logits: Float32Array[] = []
  const labels: number[] = []
  for (let row = 0; row < rows; row++) {
    const values = [uniform() * 4, uniform() * 4, uniform() * 4]
    const weights = values.map(Math.exp)
    const [first = 0, second = 0, third = 0] = weights
    const place = uniform() * (first + second + third)
    labels.push(place < first ? 0 : place < first + second ? 1 : 2)
    logits.push(Float32Array.from(values, (value) => value * factor))
  }
  return { logits, labels }
}

test('finds the factor by which logits are too large', () => {
  const { logits, labels } = overconfident(20_000, 2.5)
  const fit = fitTemperature(logits, labels)
  expect(fit.temperature).toBeGreaterThan(2.4)
  expect(fit.temperature).toBeLessThan(2.6)
  expect(fit.nll).toBeLessThan(fit.nllAtOne)
})

test('no temperature beside it is better', () => {
  const { logits, labels } = overconfident(500, 1.7)
  const { temperature, nll } = fitTemperature(logits, labels)
  for (const factor of [0.99, 1.01]) {
    const scaled = logits.map((row) => row.map((value) => value / (temperature * factor)))
    expect(fitTemperature(scaled, labels).nllAtOne).toBeGreaterThan(nll)
  }
})

test('stays within bounds where every answer is right, or none', () => {
  expect(
    fitTemperature(
      [
        [1, 0],
        [0, 1],
      ],
      [0, 1],
    ).temperature,
  ).toBeCloseTo(0.05, 6)
  expect(
    fitTemperature(
      [
        [1, 0],
        [0, 1],
      ],
      [1, 0],
    ).temperature,
  ).toBeCloseTo(20, 6)
})

test('large logits do not overflow', () => {
  expect(
    Number.isFinite(
      fitTemperature(
        [
          [1e6, 0],
          [0, 1e6],
          [1e6, 0],
        ],
        [0, 1, 1],
      ).nll,
    ),
  ).toBe(true)
})

test.each([
  ['no rows', [], []],
  ['a label out of range', [[1, 0]], [2]],
  ['rows of different lengths', [[1, 0], [1]], [0, 0]],
  ['infinite logits', [[1, Number.POSITIVE_INFINITY]], [0]],
])('refuses %s', (_name, logits, labels) => {
  expect(() => fitTemperature(logits, labels)).toThrow(
    expect.objectContaining({ code: 'EVALUATION_INVALID' }) as MlError,
  )
})
