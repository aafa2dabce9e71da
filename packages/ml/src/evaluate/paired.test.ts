// Paired comparison: tables counted by hand, probabilities of scipy, coverage by simulation.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MlError } from '../errors.ts'
import { mcNemar } from './mc-nemar.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { comparePairs, countPairs, powerToSee, rowsToSee } from './paired.ts'
import { createRandomIndex, createRandomShare } from './random.ts'
import { createRandomBinomial } from './random-binomial.ts'

describe("McNemar's test", () => {
  // scipy 1.x: binomtest(max(b, c), b + c).pvalue, and 2 * binom.sf(k - 1, n, .5) - binom.pmf(k, n, .5).
  test.each([
    [1, 5, 0.21875, 'exact'],
    [9, 3, 0.14599609375, 'exact'],
    [2, 22, 3.5881996154785156e-5, 'exact'],
    [7, 7, 1, 'exact'],
    [0, 0, 1, 'exact'],
    [30, 50, 0.02565435797169628, 'mid-p'],
    [900, 850, 0.23212158839897737, 'mid-p'],
    [121, 59, 3.2666467957745733e-6, 'mid-p'],
  ])('of %i and %i rows has the probability that scipy gives', (onlyFirst, onlySecond, p, method) => {
    const result = mcNemar(onlyFirst, onlySecond)
    expect(result.p / p).toBeCloseTo(1, 9)
    expect(result.method).toBe(method)
  })

  test('one row of five by hand: (1 + 5) / 32, twice', () => {
    expect(mcNemar(1, 4).p).toBeCloseTo(12 / 32, 14)
  })

  test('the order of the two makes no difference', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(3000), (a, b) => {
        const { p } = mcNemar(a, b)
        expect(p).toBe(mcNemar(b, a).p)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('the normal distribution', () => {
  test.each([
    [-3, 0.0013498980316300933],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [1.2, 0.8849303297782918],
    [5, 0.9999997133484281],
  ])('up to %d has the probability that scipy gives', (x, p) => {
    expect(normalCdf(x)).toBeCloseTo(p, 14)
  })

  test.each([
    [0.001, -3.090232306167813],
    [0.05, -1.6448536269514729],
    [0.8, 0.8416212335729143],
    [0.975, 1.959963984540054],
  ])('lies with a share of %d below the value that scipy gives', (share, x) => {
    expect(normalQuantile(share)).toBeCloseTo(x, 10)
  })
})

describe('binomial random numbers', () => {
  test.each([
    [20, 0.1],
    [50, 0.5],
    [12_284, 0.0005],
    [12_284, 0.07],
    [300, 0.93],
  ])('of %i trials with probability %d have their mean, variance and frequencies', (trials, probability) => {
    const draw = createRandomBinomial(createRandomShare(7))
    const draws = Array.from({ length: 40_000 }, () => draw(trials, probability))
    const mean = trials * probability
    const variance = mean * (1 - probability)
    const found = draws.reduce((sum, count) => sum + count, 0) / draws.length
    const squares = draws.reduce((sum, count) => sum + (count - found) ** 2, 0) / draws.length
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / draws.length))
    expect(Math.abs(squares / variance - 1)).toBeLessThan(0.04)
    expect(chiSquare(draws, trials, probability)).toBeLessThan(4)
  })

  test('nothing can happen, or everything must', () => {
    const draw = createRandomBinomial(createRandomShare(1))
    expect([draw(0, 0.5), draw(9, 0), draw(9, 1), draw(9, -1e-17), draw(9, 1.0000001)]).toEqual([0, 0, 9, 0, 9])
  })
})

/** How many standard deviations Pearson's statistic lies above what is expected, over counts that are not rare. */
function chiSquare(draws: readonly number[], trials: number, probability: number): number {
  const counts = new Map<number, number>()
  for (const count of draws) counts.set(count, (counts.get(count) ?? 0) + 1)
  let logMass = trials * Math.log1p(-probability)
  let statistic = 0
  let cells = 0
  for (let count = 0; count <= trials; count++) {
    const expected = draws.length * Math.exp(logMass)
    if (expected > 20) {
      statistic += ((counts.get(count) ?? 0) - expected) ** 2 / expected
      cells++
    }
    logMass += Math.log(((trials - count) / (count + 1)) * (probability / (1 - probability)))
  }
  return (statistic - cells) / Math.sqrt(2 * cells)
}

const LABELS = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
const FIRST = [0, 0, 1, 1, 1, 1, 0, 0, 2, 0]
const SECOND = [0, 1, 0, 2, 1, 1, 1, 0, 2, 1]

describe('two classifiers on the same rows', () => {
  test('are counted by who is right', () => {
    expect(countPairs(LABELS, FIRST, SECOND, 3)).toEqual({
      rows: 10,
      differing: 5,
      perClass: [
        { support: 4, both: 1, onlyFirst: 1, onlySecond: 1, neither: 1 },
        { support: 4, both: 2, onlyFirst: 0, onlySecond: 1, neither: 1 },
        { support: 2, both: 1, onlyFirst: 0, onlySecond: 0, neither: 1 },
      ],
    })
  })

  test('differ by what their recalls differ by', () => {
    const compared = comparePairs(countPairs(LABELS, FIRST, SECOND, 3))
    // Recalls 2/4, 2/4, 1/2 and 2/4, 3/4, 1/2.
    expect(compared.macroRecall.difference).toBeCloseTo(0.25 / 3, 14)
    expect(compared.recalls.map((recall) => recall?.difference)).toEqual([0, 0.25, 0])
    expect(compared.mcNemar).toEqual({ onlyFirst: 1, onlySecond: 2, p: 1, method: 'exact' })
  })

  test('a class without rows has no part in it', () => {
    const compared = comparePairs(countPairs([0, 0, 2, 2], [0, 0, 2, 0], [0, 1, 2, 2], 3))
    expect(compared.recalls[1]).toBeNull()
    expect(compared.macroRecall.difference).toBe(0)
  })

  test('are compared alike on every machine and with every order of the rows', () => {
    const order = [3, 1, 4, 0, 5, 9, 2, 6, 8, 7]
    const take = (values: readonly number[]) => order.map((row) => values[row] ?? 0)
    const shuffled = countPairs(take(LABELS), take(FIRST), take(SECOND), 3)
    expect(comparePairs(shuffled, { seed: 3 })).toEqual(comparePairs(countPairs(LABELS, FIRST, SECOND, 3), { seed: 3 }))
  })

  test('in turn differ by the opposite', () => {
    const row = fc.record({ label: fc.nat(2), first: fc.nat(2), second: fc.nat(2) })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const columns = [rows.map((r) => r.label), rows.map((r) => r.first), rows.map((r) => r.second)] as const
        const one = comparePairs(countPairs(columns[0], columns[1], columns[2], 3), { resamples: 50 })
        const other = comparePairs(countPairs(columns[0], columns[2], columns[1], 3), { resamples: 50 })
        expect(one.macroRecall.difference).toBeCloseTo(-other.macroRecall.difference, 14)
        expect(one.macroRecall.standardError).toBeCloseTo(other.macroRecall.standardError, 14)
        expect(one.differing).toBe(other.differing)
        expect(one.mcNemar.p).toBe(other.mcNemar.p)
        expect(one.macroRecall.low).toBeLessThanOrEqual(one.macroRecall.high)
      }),
      { numRuns: 50 },
    )
  })

  test('that always answer alike are not certain to be equal on few rows', () => {
    const few = comparePairs(countPairs([0, 1, 0, 1], [0, 1, 0, 1], [0, 1, 0, 1], 2)).macroRecall
    expect(few.difference).toBe(0)
    expect(few.low).toBeLessThan(-0.2)
    const rows = Array.from({ length: 10_000 }, (_, index) => index % 2)
    expect(comparePairs(countPairs(rows, rows, rows, 2)).macroRecall.low).toBeGreaterThan(-0.001)
  })

  test('have bounds as close as the normal distribution says, where rows are many', () => {
    const counts = { rows: 12_000, differing: 2000, perClass: [2000, 4000, 6000].map(evenClass) }
    const { low, high, standardError, difference } = comparePairs(counts).macroRecall
    expect(difference).toBe(0)
    expect(low / (-1.645 * standardError)).toBeCloseTo(1, 1)
    expect(high / (1.645 * standardError)).toBeCloseTo(1, 1)
  })

  test.each([0, 0.02])('have a lower bound above the true difference %d in a twentieth of all samples', (shift) => {
    const random = createRandomIndex(11)
    const share = () => (random(1_000_000) + 0.5) / 1_000_000
    let above = 0
    const runs = 600
    for (let run = 0; run < runs; run++) {
      const rows = Array.from({ length: 900 }, (_, row) => drawRow(row % 3, shift, share()))
      const [labels, first, second] = [0, 1, 2].map((column) => rows.map((row) => row[column] ?? 0))
      const counts = countPairs(labels ?? [], first ?? [], second ?? [], 4)
      above += comparePairs(counts, { seed: run, resamples: 400 }).macroRecall.low > shift ? 1 : 0
    }
    // 5 % of 600 are 30, with a standard deviation of 5.3.
    expect(Math.abs(above - 30)).toBeLessThan(14)
  })

  test.each([
    ['no rows', [], [], []],
    ['answers of different numbers', [0, 1], [0, 1], [0]],
    ['as many answers that are not as many as labels', [0, 1], [0], [0]],
    ['a label out of range', [3], [0], [0]],
  ])('are refused with %s', (_name, labels, first, second) => {
    expect(() => countPairs(labels, first, second, 3)).toThrow(
      expect.objectContaining({ code: 'EVALUATION_INVALID' }) as MlError,
    )
  })
})

test.each([{ resamples: 0 }, { resamples: 1.5 }, { confidence: 1 }, { confidence: Number.NaN }])(
  'bounds are refused with %j',
  (options) => {
    const counts = countPairs(LABELS, FIRST, SECOND, 3)
    expect(() => comparePairs(counts, options)).toThrow(
      expect.objectContaining({ code: 'EVALUATION_INVALID' }) as MlError,
    )
  },
)

function evenClass(support: number) {
  return {
    support,
    both: 0.6 * support,
    onlyFirst: 0.08 * support,
    onlySecond: 0.08 * support,
    neither: 0.24 * support,
  }
}

/** Only the first is right in 8 % of the rows, only the second in 8 % and `shift` more, both in 60 %. */
function drawRow(label: number, shift: number, u: number): readonly number[] {
  const wrong = 3
  if (u < 0.08) return [label, label, wrong]
  if (u < 0.16 + shift) return [label, wrong, label]
  return u < 0.76 + shift ? [label, label, label] : [label, wrong, wrong]
}

describe('power', () => {
  test('is 5 % for a difference of nothing, and a half where the margin is 1.645 errors', () => {
    expect(powerToSee(0, 0.01, 0.95)).toBeCloseTo(0.05, 12)
    expect(powerToSee(0.01 * 1.6448536269514722, 0.01, 0.95)).toBeCloseTo(0.5, 9)
  })

  test('reaches what was asked for with the rows that are said to be needed', () => {
    const rows = rowsToSee(0.01, 0.02, 1000, { confidence: 0.95, power: 0.8 })
    // ((1.644854 + 0.841621) · 0.02 / 0.01)² · 1000
    expect(rows).toBe(24_731)
    expect(powerToSee(0.01, 0.02 * Math.sqrt(1000 / rows), 0.95)).toBeCloseTo(0.8, 3)
  })
})
