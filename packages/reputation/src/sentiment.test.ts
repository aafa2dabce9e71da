// The three sentiments, and telling a refusal from an answer.
import { expect, test } from 'vitest'
import { isRefusal, isSentiment, SENTIMENTS } from './index.ts'

test('the labels are the three sentiments, in the order models of this family use', () => {
  expect(SENTIMENTS).toEqual(['negative', 'neutral', 'positive'])
})

test('only the three names are sentiments', () => {
  expect(['negative', 'neutral', 'positive'].every(isSentiment)).toBe(true)
  expect(['Positive', '', 'mixed', 1, null, undefined, 'constructor'].some(isSentiment)).toBe(false)
})

test('a refusal is told from a classification', () => {
  expect(isRefusal({ error: { code: 'TEXT_TOO_LONG', message: 'too long' } })).toBe(true)
  const scores = { negative: 0.1, neutral: 0.2, positive: 0.7 }
  expect(isRefusal({ label: 'positive', score: 0.7, scores, windows: 1, model: 'v1', cached: false })).toBe(false)
})
