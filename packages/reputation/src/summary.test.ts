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

test('what changed and what stands out travel along, and few posts are called few', () => {
  const summary = createSummary()
  for (let day = 0; day < 10; day++) {
    for (let post = 0; post < 30; post++) {
      const label = day === 7 ? 'negative' : post % 2 === 0 ? 'positive' : 'neutral'
      summary.add({ line: 1, text: 'a', date: new Date(Date.UTC(2024, 0, 1 + day)), label, score: 0.9 })
    }
    if (day === 0) expect(summary.result()).toMatchObject({ tooFew: false, change: null, standout: null })
  }
  expect(summary.result()).toMatchObject({
    timeline: { unit: 'day' },
    change: { before: { net: { points: 50 } }, after: { net: { points: 20 } }, supported: true },
    standout: { start: '2024-01-08T00:00:00.000Z', net: { points: -100, n: 30 }, rest: { points: 50, n: 270 } },
  })
  const few = createSummary()
  for (let line = 1; line < 20; line++) few.add({ line, text: 'a', date: null, label: 'neutral', score: 0.9 })
  expect(few.result()).toMatchObject({ tooFew: true, change: null, standout: null })
  few.add({ line: 20, text: 'a', date: null, label: 'neutral', score: 0.9 })
  expect(few.result().tooFew).toBe(false)
})
