// Half precision: exact both ways, and rounded to the nearest.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { floatsFromHalves, halvesFromFloats } from './half-floats.ts'

const ALL = Uint16Array.from({ length: 65_536 }, (_, half) => half)

test('every half survives the way to a float and back; NaNs stay NaNs', () => {
  const floats = floatsFromHalves(ALL)
  const halves = halvesFromFloats(floats)
  for (const [half, back] of halves.entries()) {
    if (Number.isNaN(floats[half])) expect(back & 0x7fff).toBeGreaterThan(0x7c00)
    else expect(back).toBe(half)
  }
})

test('known values', () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x0400, 0x7c00, 0xfc00, 0x8000, 0x3555)
  expect([...floatsFromHalves(halves)]).toEqual([
    1,
    -2,
    65_504,
    2 ** -24,
    1023 * 2 ** -24,
    2 ** -14,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    0.333251953125,
  ])
})

test('a float becomes the nearest half, ties to even, too large ones infinity', () => {
  const table = floatsFromHalves(ALL)
  const distance = (half: number, float: number): number => Math.abs((table[half] ?? 0) - float)
  const check = (float: number): void => {
    const half = halvesFromFloats(Float32Array.of(float))[0] ?? 0
    const magnitude = half & 0x7fff
    expect(magnitude === 0x7c00).toBe(Math.abs(float) >= 65_520)
    if (magnitude === 0x7c00) return
    for (const neighbour of [half - 1, half + 1]) {
      if ((neighbour & 0x7fff) > 0x7bff || (magnitude === 0 && neighbour < half)) continue
      expect(distance(half, float)).toBeLessThanOrEqual(distance(neighbour, float))
      if (distance(half, float) === distance(neighbour, float)) expect(half & 1).toBe(0)
    }
  }
  const floats = fc.oneof(
    fc.float({ min: -70_000, max: 70_000, noNaN: true }),
    fc.float({ min: -1, max: 1, noNaN: true }),
    fc.integer({ min: 0, max: 0x7bff }).map((half) => ((table[half] ?? 0) + (table[half + 1] ?? 0)) / 2),
  )
  fc.assert(fc.property(floats, check), { numRuns: 5_000, seed: 11 })
})
