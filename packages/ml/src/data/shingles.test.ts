// Sets of shingles and how alike two are, against sets of strings.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shingleSet, similarity } from './shingles.ts'
import { exactSimilarity, stringShingles } from './testing/brute-force.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 40 })

test('a text has as many shingles as it has different strings of five characters', () => {
  fc.assert(
    fc.property(text, (form) => {
      expect(shingleSet(form).length).toBe(stringShingles(form).size)
    }),
    { seed: 1 },
  )
  expect(shingleSet('')).toEqual(new Uint32Array(0))
  expect(shingleSet('hi').length).toBe(1)
  expect(shingleSet('x'.repeat(100_000)).length).toBe(1)
})

test('similarity is that of the sets, or null below the threshold', () => {
  const threshold = fc.constantFrom(0.75, 0.8, 0.9, 1)
  fc.assert(
    fc.property(text, text, threshold, (a, b, least) => {
      const exact = exactSimilarity(a, b)
      const found = similarity(shingleSet(a), shingleSet(b), least)
      if (exact >= least) expect(found).toBeCloseTo(exact, 12)
      else expect(found).toBeNull()
    }),
    { seed: 2, numRuns: 2_000 },
  )
})

test('a similarity that is the threshold reaches it', () => {
  const a = Uint32Array.of(1, 2, 3, 4)
  expect(similarity(a, Uint32Array.of(1, 2, 3, 4, 5), 0.8)).toBe(0.8)
  expect(similarity(a, Uint32Array.of(1, 2, 3, 5), 0.8)).toBeNull()
})
