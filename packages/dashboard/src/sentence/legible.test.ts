// The unit of the chart, and the counts and intervals of buckets that are put together.
import { describe, expect, it } from 'vitest'
import type { Timeline } from '../api/types.ts'
import { chooseUnit } from './legible.ts'
import { netOf } from './net.ts'

const HOUR = 3_600_000

const GOLDEN = [
  { counts: { negative: 4, neutral: 8, positive: 28 }, low: 33.65, high: 76.7 },
  { counts: { negative: 450, neutral: 400, positive: 354 }, low: -12.54, high: -3.36 },
  { counts: { negative: 1, neutral: 0, positive: 0 }, low: -100.0, high: 100.0 },
  { counts: { negative: 0, neutral: 3, positive: 0 }, low: -65.81, high: 65.81 },
  { counts: { negative: 20, neutral: 60, positive: 22 }, low: -10.69, high: 14.48 },
  { counts: { negative: 7, neutral: 0, positive: 0 }, low: -100.0, high: -18.36 },
] as const

function hours(count: number, perHour: (hour: number) => number, start: number = Date.UTC(2024, 2, 4)): Timeline {
  const buckets = Array.from({ length: count }, (_, hour) => {
    const n = perHour(hour)
    return { start: new Date(start + hour * HOUR).toISOString(), n, negative: n, neutral: 0, positive: 0, net: null }
  })
  return { unit: 'hour', buckets }
}

describe('net sentiment of counts', () => {
  it('has the interval that the server gives for the same counts', () => {
    // From packages/reputation, netSentiment: these are its answers.
    for (const { counts, low, high } of GOLDEN) {
      expect(netOf(counts)?.low).toBeCloseTo(low, 1)
      expect(netOf(counts)?.high).toBeCloseTo(high, 1)
    }
    expect(netOf({ negative: 0, neutral: 0, positive: 0 })).toBeNull()
  })
})

describe('the unit of the chart', () => {
  it('stays where buckets are few and full', () => {
    const timeline = hours(48, () => 30)
    expect(chooseUnit(timeline)).toBe(timeline)
  })

  it('becomes days where a fortnight of hours is mostly empty, and loses no post', () => {
    const timeline = hours(14 * 24, (hour) => (hour % 24 === 8 ? 40 : 0))
    const days = chooseUnit(timeline)
    expect(days.unit).toBe('day')
    expect(days.buckets.map(({ n }) => n)).toEqual(Array(14).fill(40))
    expect(days.buckets[0]).toMatchObject({ start: '2024-03-04T00:00:00.000Z', negative: 40, net: { points: -100 } })
  })

  it('begins its days, weeks, months and years where the calendar does, in UTC', () => {
    const days = (count: number, perDay: number): Timeline => ({
      unit: 'day',
      buckets: Array.from({ length: count }, (_, day) => ({
        start: new Date(Date.UTC(2024, 2, 6) + day * 24 * HOUR).toISOString(),
        n: perDay,
        negative: 0,
        neutral: perDay,
        positive: 0,
        net: null,
      })),
    })
    const starts = (timeline: Timeline): string[] =>
      chooseUnit(timeline)
        .buckets.slice(0, 2)
        .map(({ start }) => start.slice(0, 10))
    expect(starts(days(400, 10))).toEqual(['2024-03-04', '2024-03-11'])
    expect(starts(days(60, 1))).toEqual(['2024-03-06', '2024-03-07'])
    expect(starts(days(300, 0.5))).toEqual(['2024-03-01', '2024-04-01'])
    expect(starts(hours(20, () => 1, Date.UTC(2024, 2, 6, 20)))).toEqual(['2024-03-06', '2024-03-06'])
  })

  it('keeps empty buckets between', () => {
    const timeline = hours(10 * 24, (hour) => (hour < 24 * 4 || hour >= 24 * 6 ? 2 : 0))
    expect(chooseUnit(timeline).buckets.map(({ n }) => n)).toEqual([48, 48, 48, 48, 0, 0, 48, 48, 48, 48])
  })

  it('never draws a thicket, however thin the posts are', () => {
    const unit = (timeline: Timeline): string => chooseUnit(timeline).unit
    expect(unit(hours(400, (hour) => (hour % 50 === 0 ? 1 : 0)))).toBe('day')
  })
})
