// A change is only said where the numbers carry it.
import { describe, expect, it } from 'vitest'
import type { Timeline, TimelineBucket } from '../api/types.ts'
import { compareHalves, findStandout } from './change.ts'

const DAY = 86_400_000
const START = Date.UTC(2024, 2, 4)

function bucket(day: number, negative: number, neutral: number, positive: number): TimelineBucket {
  const n = negative + neutral + positive
  const points = n === 0 ? 0 : (100 * (positive - negative)) / n
  const net = n === 0 ? null : { points, low: points - 10, high: points + 10 }
  return { start: new Date(START + day * DAY).toISOString(), n, negative, neutral, positive, net }
}

function timeline(...counts: [number, number, number][]): Timeline {
  return {
    unit: 'day',
    buckets: counts.map(([negative, neutral, positive], day) => bucket(day, negative, neutral, positive)),
  }
}

describe('comparing the halves of a period', () => {
  it('finds a fall that hundreds of posts show', () => {
    const change = compareHalves(timeline([20, 40, 60], [20, 40, 60], [60, 40, 20], [60, 40, 20]), 20)
    expect(change?.difference).toBeCloseTo(-66.67, 1)
    expect(change?.supported).toBe(true)
    expect(change?.before.from.toISOString()).toBe('2024-03-04T00:00:00.000Z')
    expect(change?.before.to.toISOString()).toBe('2024-03-06T00:00:00.000Z')
    expect(change?.before.n).toBe(240)
  })

  it('does not call the same difference a change when a handful of posts show it', () => {
    const change = compareHalves(timeline([2, 4, 5], [2, 4, 5], [4, 4, 3], [4, 4, 3]), 20)
    expect(change?.difference).toBeLessThan(-25)
    expect(change?.supported).toBe(false)
  })

  it('says nothing where a half has too few posts', () => {
    expect(compareHalves(timeline([20, 40, 60], [1, 0, 0]), 20)).toBeNull()
    expect(compareHalves(timeline([20, 40, 60]), 20)).toBeNull()
  })

  it('does not call a handful of posts that agree certain', () => {
    const change = compareHalves(timeline([0, 0, 20], [0, 0, 20]), 20)
    expect(change?.before.low).toBeLessThan(100)
    expect(change?.supported).toBe(false)
  })
})

describe('a bucket that stands out', () => {
  const calm: [number, number, number] = [20, 60, 22]

  it('is named when it lies far from all the others', () => {
    const found = findStandout(timeline(calm, calm, [80, 15, 5], calm, calm), 20)
    expect(found?.bucket.start).toBe('2024-03-06T00:00:00.000Z')
    expect(Math.round(found?.span.points ?? 0)).toBe(-75)
  })

  it('is not named among buckets that only vary by chance', () => {
    expect(findStandout(timeline(calm, [24, 60, 18], [18, 60, 24], calm, [23, 60, 19]), 20)).toBeNull()
  })

  it('needs more distance the more buckets are looked at', () => {
    // 2.2 standard errors away: enough for one comparison, not for the best of thirty.
    const odd: [number, number, number] = [33, 50, 17]
    const many = timeline(...Array.from({ length: 30 }, (_, day) => (day === 12 ? odd : calm)))
    expect(findStandout(many, 20)).toBeNull()
  })

  it('is never a thin bucket', () => {
    expect(findStandout(timeline(calm, calm, [6, 0, 0], calm, calm), 20)).toBeNull()
  })
})
