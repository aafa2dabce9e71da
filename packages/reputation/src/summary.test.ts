// The summary of a scored file.
import { expect, test } from 'vitest'
import { createSummary } from './summary.ts'

test('an empty summary says nothing was seen', () => {
  expect(createSummary().result()).toMatchObject({ rows: 0, scored: 0, rejected: 0, net: null, timeline: null })
})

test('counts, split, net, timeline and strongest posts agree with each other', () => {
  const summary = createSummary({ strongestPerLabel: 1 })
  const labels = ['positive', 'positive', 'positive', 'negative', 'neutral'] as const
  labels.forEach((label, i) => {
    const date = i === 4 ? null : new Date(Date.UTC(2024, 0, 1, i))
    summary.add({ line: i + 2, text: `post ${i}`, date, label, score: 0.5 + i / 100 })
  })
  summary.reject()
  summary.reject(2)
  const result = summary.result()
  expect(result).toMatchObject({ rows: 8, scored: 5, rejected: 3, undated: 1 })
  expect(result.net).toMatchObject({ points: 40, n: 5 })
  expect(result.split.positive).toMatchObject({ n: 3, share: 0.6 })
  expect(result.timeline?.buckets.reduce((sum, { n }) => sum + n, 0)).toBe(4)
  expect(result.strongest.positive.map(({ line }) => line)).toEqual([4])
})

test('a result stays as it was while more posts come in', () => {
  const summary = createSummary()
  summary.add({ line: 1, text: 'a', date: new Date('2024-01-01T10:00:00Z'), label: 'positive', score: 0.9 })
  const early = summary.result()
  summary.add({ line: 2, text: 'b', date: new Date('2024-01-01T10:30:00Z'), label: 'negative', score: 0.9 })
  expect(early).toMatchObject({ scored: 1, timeline: { buckets: [{ n: 1, negative: 0 }] } })
  expect(early.strongest.negative).toEqual([])
  expect(summary.result()).toMatchObject({ scored: 2, timeline: { buckets: [{ n: 2, negative: 1 }] } })
})
