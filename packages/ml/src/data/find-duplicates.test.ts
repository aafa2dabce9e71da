// Duplicates inside a split, against comparing every text with every other.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparisonForm } from './comparison-form.ts'
import { findDuplicates } from './find-duplicates.ts'
import { connectedRows, groupBy } from './testing/brute-force.ts'

const SENTENCE = 'the courier left our parcel in the rain and nobody at the depot picks up the phone'

describe('findDuplicates', () => {
  test('finds equal rows and nearly equal ones', () => {
    const texts = [
      SENTENCE,
      'an altogether different remark about the weather',
      `@user ${SENTENCE.toUpperCase()}!!! https://t.co/abc`,
      SENTENCE.replace('phone', 'phones'),
      '',
      '   ',
      ':)',
      ':)',
    ]
    expect(findDuplicates(texts)).toEqual({
      exact: [
        [0, 2],
        [6, 7],
      ],
      near: [[0, 2, 3]],
      cutShort: 0,
    })
  })

  test('has nothing to say about no texts, one text, and empty ones', () => {
    for (const texts of [[], ['a'], ['', ' ', '\n']]) {
      expect(findDuplicates(texts)).toEqual({ exact: [], near: [], cutShort: 0 })
    }
  })

  test('refuses thresholds that it can not keep', () => {
    for (const threshold of [0.5, 1.1, Number.NaN]) expect(() => findDuplicates([], { threshold })).toThrow(RangeError)
  })

  test('groups as comparing each with each does', () => {
    const word = fc.constantFrom(
      'late',
      'again',
      'great',
      'phone',
      'battery',
      'awful',
      'delivery',
      'why',
      'so',
      'never',
    )
    const sentence = fc.array(word, { minLength: 1, maxLength: 25 })
    // Copies of a few sentences with a word changed here and there, so that near duplicates come up.
    const texts = fc
      .tuple(
        fc.array(sentence, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(), word), { maxLength: 24 }),
      )
      .map(([bases, edits]) =>
        edits.map(([base, place, replacement]) => {
          const words = [...(bases[base % bases.length] ?? [])]
          words[place % (words.length + 1)] = replacement
          return words.join(' ')
        }),
      )
    fc.assert(
      fc.property(texts, fc.constantFrom(0.8, 0.9), (rows, threshold) => {
        const { exact, near } = findDuplicates(rows, { threshold })
        const byForm = groupBy(rows.keys(), (row) => comparisonForm(rows[row] ?? ''))
        expect(exact).toEqual(byForm.filter((group) => group.length > 1))
        const several = (group: readonly number[]) => new Set(group.map((row) => rows[row])).size > 1
        expect(near).toEqual(connectedRows(rows, threshold).filter(several))
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})

describe('hostile texts', () => {
  const rows = 20_000

  test('that are all the same are one group', () => {
    const { exact, near } = findDuplicates(Array(rows).fill(SENTENCE))
    expect(exact.map((group) => group.length)).toEqual([rows])
    expect(near).toEqual([])
  })

  test('that all nearly are the same are one group, and not every pair is compared', () => {
    const { exact, near } = findDuplicates(Array.from({ length: rows }, (_, row) => `${SENTENCE} ${row}`))
    expect(exact).toEqual([])
    expect(near.map((group) => group.length)).toEqual([rows])
  })

  test('that share half of their words are told apart, and the search says where it gave up', () => {
    const texts = Array.from(
      { length: 5_000 },
      (_, row) => `${SENTENCE.slice(0, 40)} ${Math.sin(row + 1)} ${Math.cos(row)}`,
    )
    const { near, cutShort } = findDuplicates(texts)
    expect(near).toEqual([])
    expect(cutShort).toBeGreaterThan(0)
  })

  test('that are very long, or repeat one character, are compared by their beginnings', () => {
    const long = `${SENTENCE} `.repeat(1_000)
    const { near } = findDuplicates([long, `${long}!`, `${long} and more`, 'z'.repeat(100_000), 'z'.repeat(90_000)])
    expect(near).toEqual([
      [0, 1, 2],
      [3, 4],
    ])
  })
})
