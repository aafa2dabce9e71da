// Tests of the arithmetic beneath the verdicts, against scipy 1.17 and scikit-learn 1.9.
import { describe, expect, test } from 'vitest'
import { chiSquaredTail } from './chi-squared.ts'
import { isotonic } from './estimated-accuracy.ts'
import { adjustForDiscoveries } from './false-discovery.ts'
import { estimateMix, mixWeights } from './label-shift.ts'

describe('chiSquaredTail', () => {
  test.each([
    [0.5, 1, 0.47950012218695337],
    [3.84, 1, 0.05004352124870519],
    [10, 5, 0.07523524614651217],
    [30, 10, 0.000856641210775301],
    [1.2, 8, 0.996641931146752],
    [600, 512, 0.004305482732457907],
    [450, 512, 0.9772870645502851],
    [1700, 1536, 0.002041709016745053],
    [900, 40, 8.168029978662771e-163],
  ])('scipy.stats.chi2.sf(%d, %d)', (x, degrees, expected) => {
    expect(Math.abs(chiSquaredTail(x, degrees) / expected - 1)).toBeLessThan(1e-9)
  })

  test('without degrees of freedom nothing is unlikely', () => {
    expect(chiSquaredTail(12, 0)).toBe(1)
    expect(chiSquaredTail(0, 3)).toBe(1)
  })
})

test('p-values are adjusted as scipy.stats.false_discovery_control does', () => {
  const adjusted = adjustForDiscoveries([0.01, 0.04, 0.03, 0.005, 0.5, 0.0001])
  const expected = [0.02, 0.048, 0.045, 0.015, 0.5, 0.0006]
  for (const [at, value] of expected.entries()) expect(adjusted[at]).toBeCloseTo(value, 12)
  expect(adjustForDiscoveries([])).toEqual([])
})

test('rates that fall are pooled as sklearn.isotonic does', () => {
  const fitted = isotonic([0.3, 0.5, 0.4, 0.45, 0.9, 0.7, 0.95], [10, 5, 20, 5, 2, 8, 4])
  const expected = [0.3, 0.42, 0.42, 0.45, 0.74, 0.74, 0.95]
  for (const [at, value] of expected.entries()) expect(fitted[at]).toBeCloseTo(value, 12)
})

describe('the mix of true labels', () => {
  /** Of 1,000 posts of each sentiment. */
  const reference = [
    [800, 150, 50],
    [200, 600, 200],
    [100, 100, 800],
  ]

  test('is found again from what the model named, its mistakes taken out', () => {
    const mix = [0.5, 0.3, 0.2]
    const named = [0, 1, 2].map((label) =>
      mix.reduce((sum, share, truth) => sum + 10_000 * share * ((reference[truth]?.[label] ?? 0) / 1000), 0),
    )
    const found = estimateMix(reference, named)
    for (const [at, share] of mix.entries()) expect(found[at]).toBeCloseTo(share, 2)
    const weights = mixWeights(reference, named)
    expect(weights[0]).toBeCloseTo(1.5, 1)
    expect(weights[2]).toBeCloseTo(0.6, 1)
  })

  test('is the reference where nothing was named', () => {
    expect(estimateMix(reference, [0, 0, 0])).toEqual([1 / 3, 1 / 3, 1 / 3])
  })

  test('is defined where a sentiment never occurs in the reference', () => {
    const missing = [reference[0]!, [0, 0, 0], reference[2]!]
    for (const weight of mixWeights(missing, [10, 50, 10])) expect(Number.isFinite(weight)).toBe(true)
  })
})
