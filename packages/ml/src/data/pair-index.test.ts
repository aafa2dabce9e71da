// Pairs of words at a distance, against a search through all places.
import { expect, test } from 'vitest'
import { indexPairs } from './pair-index.ts'
import { createPcg64 } from './pcg64.ts'

test.each([1, 2])('finds every pair of words %i apart, and no other', (distance) => {
  const next = createPcg64(7)
  const words = Int32Array.from({ length: 500 }, () => next() % 9)
  const pairs = indexPairs(words, distance)
  for (let first = 0; first < 10; first++) {
    for (let second = 0; second < 10; second++) {
      const expected = [...words.keys()].filter((at) => words[at] === first && words[at + distance] === second)
      const found = pairs.find(first, second)
      expect(Array.from({ length: found.count }, (_, index) => found.at(index))).toEqual(expected)
    }
  }
})

test('has no pairs where there are too few words', () => {
  expect(indexPairs(Int32Array.of(3), 2).find(3, 3).count).toBe(0)
})
