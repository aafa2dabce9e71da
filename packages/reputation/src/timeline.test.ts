// The timeline: units, weeks, hostile dates, bounded size.
import { expect, test } from 'vitest'
import { bucketIndex, bucketStart, TIME_UNITS } from './calendar.ts'
import { createTimeline, MAX_BUCKETS, type TimelineResult } from './timeline.ts'

const HOUR = 3_600_000

test('posts of a few hours come out per hour, the empty hour too', () => {
  const timeline = createTimeline()
  timeline.add(new Date('2024-02-29T22:15:00Z'), 'positive')
  timeline.add(new Date('2024-02-29T22:59:59.999Z'), 'negative')
  timeline.add(new Date('2024-03-01T00:00:00Z'), 'neutral')
  const result = timeline.buckets()!
  expect(result.unit).toBe('hour')
  expect(result.buckets.map(({ start, n }) => [start, n])).toEqual([
    ['2024-02-29T22:00:00.000Z', 2],
    ['2024-02-29T23:00:00.000Z', 0],
    ['2024-03-01T00:00:00.000Z', 1],
  ])
  expect(result.buckets[0]).toMatchObject({ positive: 1, negative: 1, neutral: 0, net: { points: 0 } })
  expect(result.buckets[1]?.net).toBeNull()
})

test('bare days are not shown as midnights', () => {
  const timeline = createTimeline()
  for (const day of ['2024-01-01', '2024-01-03']) timeline.add(new Date(day), 'neutral')
  expect(timeline.buckets()).toMatchObject({ unit: 'day', buckets: [{ n: 1 }, { n: 0 }, { n: 1 }] })
})

test('the unit grows with the span, and never more than 92 buckets come out', () => {
  const spans = [
    [91 * HOUR, 'hour'],
    [92 * HOUR, 'day'],
    [91 * 24 * HOUR, 'day'],
    [92 * 24 * HOUR, 'week'],
    [91 * 7 * 24 * HOUR, 'week'],
    [7 * 365 * 24 * HOUR, 'month'],
    [8 * 366 * 24 * HOUR, 'year'],
  ] as const
  for (const [span, unit] of spans) {
    const timeline = createTimeline()
    const start = Date.UTC(2001, 0, 1, 0)
    timeline.add(new Date(start), 'positive')
    timeline.add(new Date(start + span), 'negative')
    const result = timeline.buckets()!
    expect(result.unit).toBe(unit)
    expect(result.buckets.length).toBeLessThanOrEqual(MAX_BUCKETS)
    expect(result.buckets.at(0)?.n).toBe(1)
    expect(result.buckets.at(-1)?.n).toBe(1)
  }
})

/** `perHour` posts in each hour of the span. */
function readHours(count: number, perHour: (hour: number) => number, start = Date.UTC(2024, 2, 4)): TimelineResult {
  const timeline = createTimeline()
  for (let hour = 0; hour < count; hour++) {
    for (let post = 0; post < perHour(hour); post++) timeline.add(new Date(start + hour * HOUR + post), 'negative')
  }
  return timeline.buckets()!
}

test('few and full hours stay hours', () => {
  const { unit, buckets } = readHours(48, () => 10)
  expect(unit).toBe('hour')
  expect(buckets.map(({ n, thin }) => [n, thin])).toEqual(Array(48).fill([10, false]))
})

test('three days of mostly empty hours become days only where they are days enough to see', () => {
  const mornings = (hour: number): number => (hour % 24 === 8 ? 40 : 0)
  expect(readHours(3 * 24, mornings).unit).toBe('hour')
  const week = readHours(7 * 24, mornings)
  expect(week.unit).toBe('day')
  expect(week.buckets.map(({ n }) => n)).toEqual(Array(7).fill(40))
  expect(week.buckets[0]).toMatchObject({ start: '2024-03-04T00:00:00.000Z', negative: 40, net: { points: -100 } })
})

test('the unit is the finest in which half of the buckets or more hold ten posts', () => {
  const daily = (days: number, perDay: number): TimelineResult =>
    readHours(days * 24, (hour) => (hour % 24 === 0 ? perDay : 0), Date.UTC(2024, 2, 6))
  const starts = ({ buckets }: TimelineResult): string[] => buckets.slice(0, 2).map(({ start }) => start.slice(0, 10))
  expect(starts(daily(80, 10))).toEqual(['2024-03-06', '2024-03-07'])
  expect(starts(daily(80, 9))).toEqual(['2024-03-04', '2024-03-11'])
  const every = (each: number): TimelineResult =>
    readHours(300 * 24, (hour) => (hour % (24 * each) === 0 ? 1 : 0), Date.UTC(2024, 2, 6))
  expect(starts(every(2))).toEqual(['2024-03-01', '2024-04-01'])
})

test('half of the buckets is enough, less is not', () => {
  const fullDays = (each: number): TimelineResult =>
    readHours(80 * 24, (hour) => (hour % (24 * each) === 0 ? 10 : hour % 24 === 0 ? 1 : 0))
  expect(fullDays(2).unit).toBe('day')
  expect(fullDays(3).unit).toBe('week')
})

test('where posts are too thin in any unit, it is the finest with few enough buckets, and each says that it is thin', () => {
  const { unit, buckets } = readHours(400, (hour) => (hour % 50 === 0 ? 1 : 0))
  expect(unit).toBe('day')
  expect(buckets.every(({ n, thin }) => thin === n > 0)).toBe(true)
})

test('buckets without posts stay between, and are missing, not thin', () => {
  const { buckets } = readHours(10 * 24, (hour) => (hour < 24 * 4 || hour >= 24 * 6 ? 2 : 0))
  expect(buckets.map(({ n }) => n)).toEqual([48, 48, 48, 48, 0, 0, 48, 48, 48, 48])
  expect(buckets.some(({ thin }) => thin)).toBe(false)
})

test('the years from the epoch to the last that is taken come out as years, though they are more', () => {
  const timeline = createTimeline()
  timeline.add(new Date('1970-01-02'), 'neutral')
  timeline.add(new Date('2099-12-31'), 'neutral')
  const result = timeline.buckets()!
  expect(result.unit).toBe('year')
  expect(result.buckets.length).toBe(130)
})

test('weeks start on Monday, across the turn of the year', () => {
  const timeline = createTimeline()
  timeline.add(new Date('2019-12-29T23:59:59Z'), 'negative') // a Sunday
  timeline.add(new Date('2019-12-30T00:00:00Z'), 'positive') // the Monday of ISO week 2020-W01
  timeline.add(new Date('2021-06-01T00:00:00Z'), 'neutral')
  const result = timeline.buckets()!
  expect(result.unit).toBe('week')
  expect(result.buckets[0]).toMatchObject({ start: '2019-12-23T00:00:00.000Z', negative: 1, n: 1 })
  expect(result.buckets[1]).toMatchObject({ start: '2019-12-30T00:00:00.000Z', positive: 1, n: 1 })
})

test('bucket numbers and starts agree for every unit over 130 years, and starts are consecutive', () => {
  for (const unit of TIME_UNITS) {
    for (let time = Date.UTC(1970, 0, 2); time < Date.UTC(2100, 0); time += 37 * 24 * HOUR + 5 * HOUR) {
      const index = bucketIndex(time, unit)
      expect(bucketStart(index, unit)).toBeLessThanOrEqual(time)
      expect(bucketStart(index + 1, unit)).toBeGreaterThan(time)
      expect(bucketIndex(bucketStart(index, unit), unit)).toBe(index)
    }
  }
})

test('a missing, broken or absurd date is counted as undated and does not stretch the axis', () => {
  const timeline = createTimeline()
  timeline.add(null, 'neutral')
  timeline.add(new Date('nonsense'), 'neutral')
  for (const date of [
    '0001-01-01',
    '9999-12-31',
    '1970-01-01T00:00:01Z',
    '+275760-09-13',
    '-000001-01-01',
    '2100-01-01',
  ]) {
    timeline.add(new Date(date), 'negative')
  }
  expect(timeline.buckets()).toBeNull()
  expect(timeline.undated()).toBe(8)
  timeline.add(new Date('2024-05-05T05:05:05Z'), 'positive')
  expect(timeline.buckets()).toMatchObject({ unit: 'hour', buckets: [{ n: 1 }] })
})

test('a million distinct hours lose no post and come out in few buckets', () => {
  const timeline = createTimeline()
  const start = Date.UTC(1971, 0)
  for (let hour = 0; hour < 1_000_000; hour++) timeline.add(new Date(start + hour * HOUR), 'positive')
  const result = timeline.buckets()!
  expect(result.unit).toBe('year')
  expect(result.buckets.length).toBe(115)
  expect(result.buckets.reduce((sum, { n }) => sum + n, 0)).toBe(1_000_000)
})

test('coarsening late gives the same counts as starting coarse', () => {
  const dates = Array.from({ length: 500 }, (_, i) => new Date(Date.UTC(2023, 0, 1) + ((i * 7919) % 1000) * 7 * HOUR))
  const forwards = createTimeline()
  const backwards = createTimeline()
  dates.forEach((date, i) => {
    forwards.add(date, i % 3 === 0 ? 'negative' : 'positive')
  })
  dates
    .map((date, i) => [date, i % 3 === 0 ? 'negative' : 'positive'] as const)
    .reverse()
    .forEach(([date, label]) => {
      backwards.add(date, label)
    })
  expect(forwards.buckets()).toEqual(backwards.buckets())
})
