// The intervals: published values, exact coverage summed over all samples, seeded samples.
import { expect, test } from 'vitest'
import {
  differenceInterval,
  type Estimate,
  independentDifference,
  normalQuantile,
  wilsonInterval,
} from './intervals.ts'
import { seededRandom } from './test-random.ts'

test("Wilson's interval is the one in Newcombe's published table", () => {
  // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Stat. Med. 17 (1998), table I, method 3.
  const table = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const
  for (const [hits, n, low, high] of table) {
    const interval = wilsonInterval(hits, n)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  }
})

test('with no posts nothing is known', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
})

test('at no hits and at all hits the interval touches the end and stays open on the other side', () => {
  for (const n of [1, 2, 5, 100, 12_284]) {
    const none = wilsonInterval(0, n)
    expect(none.low).toBe(0)
    expect(none.high).toBeGreaterThan(0)
    const all = wilsonInterval(n, n)
    expect(all.high).toBe(1)
    expect(all.low).toBeCloseTo(1 - none.high, 12)
  }
})

/** log(k!) for k up to 500. */
const LOG_FACTORIALS: readonly number[] = (() => {
  const logs = [0]
  for (let k = 1; k <= 500; k++) logs.push(logs[k - 1]! + Math.log(k))
  return logs
})()

/** Chance of `a` positive and `b` negative posts among `n`. */
function chanceOf(n: number, a: number, b: number, positive: number, negative: number): number {
  const power = (p: number, k: number) => (k === 0 ? 0 : k * Math.log(p))
  const neutral = Math.max(0, 1 - positive - negative)
  const ways = LOG_FACTORIALS[n]! - LOG_FACTORIALS[a]! - LOG_FACTORIALS[b]! - LOG_FACTORIALS[n - a - b]!
  return Math.exp(ways + power(positive, a) + power(negative, b) + power(neutral, n - a - b))
}

/** Chance that the interval covers the truth, summed exactly over every possible sample of `n` posts. */
function exactCoverage(n: number, positive: number, negative: number): number {
  const truth = positive - negative
  let covered = 0
  for (let a = 0; a <= n; a++) {
    for (let b = 0; a + b <= n; b++) {
      const { low, high } = differenceInterval(a, b, n)
      if (truth < low - 1e-12 || truth > high + 1e-12) continue
      covered += chanceOf(n, a, b, positive, negative)
    }
  }
  return covered
}

type Mix = readonly [positive: number, negative: number]

const MIXES: readonly Mix[] = [
  [0.193, 0.323],
  [0.391, 0.155],
  [1 / 3, 1 / 3],
  [0.45, 0.45],
  [0.1, 0.1],
  [0.7, 0.2],
  [0.05, 0.6],
  [0.02, 0.02],
  [0.9, 0.05],
  [0, 0.1],
  [0.5, 0.5],
  [0, 1],
  [1, 0],
  [0, 0],
]

/** Every mix on a grid of tenths, the edges (no neutral post, no positive post, one sentiment only) included. */
const GRID: readonly Mix[] = Array.from({ length: 11 }, (_, a) =>
  Array.from({ length: 11 - a }, (_unused, b): Mix => [a / 10, b / 10]),
).flat()

function tooLow(n: number, mixes: readonly Mix[]): string[] {
  return mixes
    .map(([positive, negative]) => ({ positive, negative, coverage: exactCoverage(n, positive, negative) }))
    .filter(({ coverage }) => coverage < 0.93)
    .map(({ positive, negative, coverage }) => `n ${n}, +${positive} −${negative}: ${coverage.toFixed(4)}`)
}

test('the interval of a difference covers the truth at least 93 times in 100, for any mix of a few posts', () => {
  const sizes = Array.from({ length: 36 }, (_, i) => i + 5)
  expect(sizes.flatMap((n) => tooLow(n, GRID))).toEqual([])
})

test('and for many posts', () => {
  expect([60, 100, 150, 250, 500].flatMap((n) => tooLow(n, MIXES))).toEqual([])
})

test('it is not honest by being wide: from 50 posts on it covers about 95 times in 100, not always', () => {
  for (const n of [50, 100, 500]) {
    const usual = MIXES.slice(0, 7).map(([positive, negative]) => exactCoverage(n, positive, negative))
    const mean = usual.reduce((sum, coverage) => sum + coverage, 0) / usual.length
    expect(mean).toBeGreaterThan(0.945)
    expect(mean).toBeLessThan(0.965)
  }
})

test('with no posts the difference can be anything', () => {
  expect(differenceInterval(0, 0, 0)).toEqual({ low: -1, high: 1 })
})

/** Whether the interval of one drawn sample of `n` posts covers the truth. */
function covers(n: number, [positive, negative]: Mix, random: () => number): boolean {
  let a = 0
  let b = 0
  for (let post = 0; post < n; post++) {
    const draw = random()
    if (draw < positive) a++
    else if (draw < positive + negative) b++
  }
  const { low, high } = differenceInterval(a, b, n)
  return low <= positive - negative && positive - negative <= high
}

test.each([5, 30, 200, 500])('seeded samples of %i posts agree with the exact sum', (n) => {
  const random = seededRandom(20_170)
  const rounds = 4000
  for (const mix of MIXES.slice(0, 3)) {
    const covered = Array.from({ length: rounds }, () => covers(n, mix, random)).filter(Boolean).length / rounds
    expect(covered).toBeGreaterThan(0.93)
    expect(Math.abs(covered - exactCoverage(n, mix[0], mix[1]))).toBeLessThan(0.015)
  }
})

test("the difference of two samples is Newcombe's published one where each interval is Wilson's", () => {
  // R. G. Newcombe, Interval estimation for the difference between independent proportions, Stat. Med. 17 (1998),
  // table II, method 10.
  const table = [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ] as const
  const share = (hits: number, n: number): Estimate => ({ value: hits / n, ...wilsonInterval(hits, n) })
  for (const [hits, n, otherHits, otherN, low, high] of table) {
    const interval = independentDifference(share(otherHits, otherN), share(hits, n))
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  }
})

/** Every sample of n posts: its estimate with the interval, and its chance under the mix. */
function samplesOf(n: number, [positive, negative]: Mix): (Estimate & { readonly chance: number })[] {
  const samples = []
  for (let a = 0; a <= n; a++) {
    for (let b = 0; a + b <= n; b++) {
      const chance = chanceOf(n, a, b, positive, negative)
      if (chance > 1e-12) samples.push({ value: (a - b) / n, ...differenceInterval(a, b, n), chance })
    }
  }
  return samples
}

function coverageOfDifference(n: number, mix: Mix, otherN: number, otherMix: Mix): number {
  const truth = otherMix[0] - otherMix[1] - (mix[0] - mix[1])
  let covered = 0
  const others = samplesOf(otherN, otherMix)
  for (const first of samplesOf(n, mix)) {
    for (const second of others) {
      const { low, high } = independentDifference(first, second)
      if (low - 1e-12 <= truth && truth <= high + 1e-12) covered += first.chance * second.chance
    }
  }
  return covered
}

test('the difference of two net sentiments covers the truth at least 93 times in 100, for any two mixes', () => {
  const found = MIXES.flatMap((mix) =>
    MIXES.map((other) => ({ mix, other, coverage: coverageOfDifference(20, mix, 20, other) })),
  )
  expect(found.filter(({ coverage }) => coverage < 0.93)).toEqual([])
})

test('and for samples of unequal size, about 95 times in 100', () => {
  const usual = MIXES.slice(0, 7).map((mix) => coverageOfDifference(20, mix, 60, mix))
  expect(Math.min(...usual)).toBeGreaterThan(0.93)
  // Nor is it honest by being wide.
  expect(usual.reduce((sum, coverage) => sum + coverage, 0) / usual.length).toBeLessThan(0.97)
})

test("the quantiles are the tables'", () => {
  // 1 − 0.025 / k for k = 1, 4, 30, 92.
  for (const [p, z] of [
    [0.975, 1.95996],
    [0.99375, 2.49771],
    [1 - 0.025 / 30, 3.14398],
    [1 - 0.025 / 92, 3.45836],
  ] as const) {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-3)
  }
})
