// The highest value since the last scrape, whoever scrapes and how often.
import { expect, test } from 'vitest'
import { createPeakHold } from './peak-hold.ts'

test('one that scrapes every minute sees each minute by itself', () => {
  let now = 0
  const peaks = createPeakHold(() => now)
  const seen = [5, 3, 9].map((peak) => {
    now += 60
    return peaks.look(peak)
  })
  expect(seen).toEqual([5, 3, 9])
})

test('two that scrape in turn, or one that scrapes every 100 ms, miss nothing', () => {
  let now = 0
  const peaks = createPeakHold(() => now)
  expect(peaks.look(7)).toBe(7)
  for (; now < 14.9; now += 0.1) expect(peaks.look(0)).toBe(7)
  now = 15
  expect(peaks.look(2)).toBe(2)
  expect(peaks.look(0)).toBe(2)
})
