// Net sentiment and the split.
import { expect, test } from 'vitest'
import { netSentiment, sentimentSplit } from './net-sentiment.ts'

test('without posts there is no net sentiment', () => {
  expect(netSentiment({ negative: 0, neutral: 0, positive: 0 })).toBeNull()
})

test('net sentiment is the positive share minus the negative share, in points', () => {
  const net = netSentiment({ negative: 20, neutral: 30, positive: 50 })!
  expect(net.points).toBe(30)
  expect(net.n).toBe(100)
  // By hand: a = 51.75/103.5, b = 21.75/103.5; half = 1.959964 · 1.005 · sqrt((a + b − (a − b)²) / 103.5).
  expect(net.low).toBeCloseTo(13.665, 3)
  expect(net.high).toBeCloseTo(44.306, 3)
})

test('a unanimous handful is not certainty, and the interval holds the number it belongs to', () => {
  const all = netSentiment({ negative: 0, neutral: 0, positive: 5 })!
  expect(all.points).toBe(100)
  expect(all.high).toBe(100)
  expect(all.low).toBeLessThan(40)
  const none = netSentiment({ negative: 0, neutral: 5, positive: 0 })!
  expect(none.points).toBe(0)
  expect(none.high).toBeGreaterThan(20)
  expect(none.low).toBeCloseTo(-none.high, 12)
})

test('for every small sample the interval holds the point, stays in bounds and has a width', () => {
  for (let n = 1; n <= 25; n++) {
    for (let positive = 0; positive <= n; positive++) {
      for (let negative = 0; positive + negative <= n; negative++) {
        const net = netSentiment({ negative, neutral: n - positive - negative, positive })!
        expect(net.low).toBeGreaterThanOrEqual(-100)
        expect(net.high).toBeLessThanOrEqual(100)
        expect(net.low).toBeLessThan(net.high)
        expect(net.low).toBeLessThanOrEqual(net.points + 1e-9)
        expect(net.high).toBeGreaterThanOrEqual(net.points - 1e-9)
      }
    }
  }
})

test('more posts, a narrower interval', () => {
  const widths = [10, 100, 1000, 10_000].map((n) => {
    const net = netSentiment({ negative: n * 0.2, neutral: n * 0.3, positive: n * 0.5 })!
    return net.high - net.low
  })
  expect(widths).toEqual([...widths].sort((a, b) => b - a))
})

test('the split has counts, shares that sum to 1, and intervals around them', () => {
  const split = sentimentSplit({ negative: 81, neutral: 100, positive: 82 })
  expect(split.negative.n).toBe(81)
  expect(split.negative.low).toBeCloseTo(0.2553, 4)
  expect(split.negative.high).toBeCloseTo(0.3662, 4)
  expect(split.negative.share + split.neutral.share + split.positive.share).toBeCloseTo(1, 12)
})

test('without posts the split says so', () => {
  expect(sentimentSplit({ negative: 0, neutral: 0, positive: 0 }).neutral).toEqual({ n: 0, share: 0, low: 0, high: 1 })
})
