// The generator is the published one, and favours no number.
import { expect, test } from 'vitest'
import { createRandomIndex, createXoshiro } from './random.ts'

test('xoshiro128** gives the numbers of its reference implementation', () => {
  const next = createXoshiro([1, 2, 3, 4])
  const numbers = Array.from({ length: 10 }, () => next())
  expect(numbers).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ])
})

test('every index is as likely as the others', () => {
  const random = createRandomIndex(9)
  const counts = [0, 0, 0, 0, 0, 0, 0]
  for (let draw = 0; draw < 70_000; draw++) {
    const index = random(7)
    counts[index] = (counts[index] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
})
