// The gate split: decided by each text alone.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gateSplit } from './gate-split.ts'

const TEXTS = Array.from({ length: 4000 }, (_, row) => `parcel ${row} came ${row % 7} days late`)
const OPTIONS = { share: 0.2, seed: 7 }

const chosen = (texts: readonly string[], options = OPTIONS) =>
  new Set([...gateSplit(texts, options).gate].map((row) => texts[row] ?? ''))

describe('the gate split', () => {
  test('takes its share, and leaves the rest', () => {
    const { gate, rest } = gateSplit(TEXTS, OPTIONS)
    // 800 ± 25 (one standard deviation).
    expect(Math.abs(gate.length - 800)).toBeLessThan(100)
    expect([...gate, ...rest].sort((a, b) => a - b)).toEqual([...TEXTS.keys()])
  })

  test('is the same in every order, and of any part of the rows', () => {
    const all = chosen(TEXTS)
    fc.assert(
      fc.property(fc.shuffledSubarray(TEXTS.slice(0, 300)), (some) => {
        expect(chosen(some)).toEqual(new Set(some.filter((text) => all.has(text))))
      }),
      { numRuns: 20 },
    )
  })

  test('of the gate split is all of it', () => {
    const gate = [...chosen(TEXTS)]
    expect(gateSplit(gate, OPTIONS).rest).toHaveLength(0)
  })

  test('keeps texts together that a reader would call the same', () => {
    for (const text of TEXTS.slice(0, 50)) {
      const copies = [text, `@someone ${text.toUpperCase()}!`, `${text} https://example.org/a`]
      expect([0, copies.length]).toContain(gateSplit(copies, OPTIONS).gate.length)
    }
  })

  test('is another one with another seed; a smaller share is a part of a larger', () => {
    const gate = chosen(TEXTS)
    expect(chosen(TEXTS, { share: 0.2, seed: 8 })).not.toEqual(gate)
    const smaller = chosen(TEXTS, { share: 0.1, seed: 7 })
    expect([...smaller].every((text) => gate.has(text))).toBe(true)
  })

  test('takes halves of characters as they come', () => {
    expect(gateSplit(['\ud800', ''], OPTIONS).gate.length).toBeLessThanOrEqual(2)
  })

  test.each([
    { share: 0, seed: 1 },
    { share: 1, seed: 1 },
    { share: Number.NaN, seed: 1 },
    { share: 0.5, seed: -1 },
    { share: 0.5, seed: 1.5 },
  ])('refuses share $share with seed $seed', (options) => {
    expect(() => gateSplit(TEXTS, options)).toThrow(RangeError)
  })
})
