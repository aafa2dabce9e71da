// Validation splits: sizes, determinism, classes in both parts.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planShares, splitIndices } from './split-indices.ts'

const CLASSES = [0, 1, 0, 1, 0, 2, 0, 2, 0, 0]

describe('splitIndices', () => {
  test('gives each row to one part, the same ones for the same seed', () => {
    for (const stratified of [true, false]) {
      const split = splitIndices(CLASSES, { count: 4, seed: 7, stratified })
      expect(splitIndices(CLASSES, { count: 4, seed: 7, stratified })).toEqual(split)
      expect(split.validation).toHaveLength(4)
      expect([...split.train, ...split.validation].sort((a, b) => a - b)).toEqual([...CLASSES.keys()])
      expect(split.train).toEqual(Uint32Array.from(split.train).sort())
    }
    const random = splitIndices(new Uint8Array(1_000), { share: 0.2, seed: 1, stratified: false })
    expect(random.validation).not.toEqual(
      splitIndices(new Uint8Array(1_000), { share: 0.2, seed: 2, stratified: false }).validation,
    )
  })

  test('a random split takes the first rows of the shuffled order', () => {
    // numpy.random.default_rng(42).permutation(10) begins 5, 6, 0
    const { validation } = splitIndices(CLASSES, { count: 3, seed: 42, stratified: false })
    expect([...validation]).toEqual([0, 5, 6])
  })

  test('a share is rounded up, but not for the last bit of a product', () => {
    const take = (rows: number, share: number) =>
      splitIndices(new Uint8Array(rows), { share, seed: 0, stratified: false }).validation.length
    expect([take(30, 0.1), take(31, 0.1), take(45_615, 0.1), take(2, 0.5), take(3, 0.001)]).toEqual([3, 4, 4562, 1, 1])
  })

  test('a stratified split has every class in both parts, in proportion', () => {
    const rows = fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(rows, fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.nat(), (sizes, share, seed) => {
        const classes = sizes.flatMap((size, found) => Array<number>(size).fill(found))
        const count = Math.min(
          Math.max(sizes.length, Math.round(share * classes.length)),
          classes.length - sizes.length,
        )
        const { train, validation } = splitIndices(classes, { count, seed, stratified: true })
        expect(validation).toHaveLength(count)
        for (const [found, size] of sizes.entries()) {
          const taken = [...validation].filter((row) => classes[row] === found).length
          const left = [...train].filter((row) => classes[row] === found).length
          expect(taken + left).toBe(size)
          expect(Math.min(taken, left)).toBeGreaterThan(0)
        }
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  test('shares are those of largest remainders, where each is one at least', () => {
    expect(planShares([50, 30, 20], 10)).toEqual([5, 3, 2])
    expect(planShares([47, 33, 20], 10)).toEqual([5, 3, 2])
    expect(planShares([96, 2, 2], 10)).toEqual([8, 1, 1])
    expect(planShares([2, 2], 3 - 1)).toEqual([1, 1])
  })

  test('refuses a class with one row, and parts that are too small, and says which', () => {
    const stratified = { seed: 1, stratified: true }
    expect(() => splitIndices([0, 0, 1, 0], { ...stratified, count: 2 })).toThrow('class 1 has one row:')
    const names = ['calm', 'cross']
    expect(() => splitIndices([0, 0, 1, 0], { ...stratified, count: 2, names })).toThrow('class "cross" has one row:')
    expect(() => splitIndices([0, 0, 1, 1, 2, 2], { ...stratified, count: 2 })).toThrow("can't hold each of 3 classes")
    expect(() => splitIndices([0, 0, 1, 1], { ...stratified, count: 3 })).toThrow("can't hold each of 2 classes")
    for (const rows of [0, 1]) {
      expect(() => splitIndices(new Uint8Array(rows), { share: 0.5, seed: 1, stratified: false })).toThrow('rows can')
    }
    expect(() => splitIndices(CLASSES, { count: 10, seed: 1, stratified: false })).toThrow('keep one for training')
  })

  test('refuses options that are none', () => {
    for (const share of [0, 1, -0.1, Number.NaN]) {
      expect(() => splitIndices(CLASSES, { share, seed: 1, stratified: false })).toThrow(RangeError)
    }
    expect(() => splitIndices(CLASSES, { count: 1.5, seed: 1, stratified: false })).toThrow(RangeError)
    expect(() => splitIndices(CLASSES, { seed: 1, stratified: false })).toThrow(RangeError)
    expect(() => splitIndices(CLASSES, { share: 0.5, count: 5, seed: 1, stratified: false })).toThrow(RangeError)
  })
})
