// A change is only said where the posts carry it.
import { describe, expect, test } from 'vitest'
import { compareHalves, findStandout } from './change.ts'
import type { SentimentCounts } from './sentiment.ts'
import { seededRandom } from './test-random.ts'
import { createTimeline, type TimelineResult } from './timeline.ts'

type Counts = readonly [negative: number, neutral: number, positive: number]

const DAY = 86_400_000

/** One bucket a day from 4 March 2024, a Monday. */
function timeline(...days: readonly Counts[]): TimelineResult {
  const buckets = days.map(([negative, neutral, positive], day) => ({
    start: new Date(Date.UTC(2024, 2, 4) + day * DAY).toISOString(),
    n: negative + neutral + positive,
    negative,
    neutral,
    positive,
    thin: false,
    net: null,
  }))
  return { unit: 'day', buckets }
}

describe('the halves of a period', () => {
  test('a fall that hundreds of posts show is supported', () => {
    const change = compareHalves(timeline([20, 40, 60], [20, 40, 60], [60, 40, 20], [60, 40, 20]))!
    expect(change.difference.points).toBeCloseTo(-66.67, 1)
    expect(change.supported).toBe(true)
    expect(change.before).toMatchObject({ from: '2024-03-04T00:00:00.000Z', to: '2024-03-06T00:00:00.000Z' })
    expect(change.after).toMatchObject({ from: '2024-03-06T00:00:00.000Z', to: '2024-03-08T00:00:00.000Z' })
    expect(change.before.net.n).toBe(240)
    expect(change.before.net.points).toBeCloseTo(33.33, 1)
    // By hand, from the limits of the halves (23.41 to 42.30, and mirrored): −66.67 − 8.97 · √2 and −66.67 + 9.93 · √2.
    expect(change.difference.low).toBeCloseTo(-79.351, 2)
    expect(change.difference.high).toBeCloseTo(-52.627, 2)
  })

  test('the same difference among a handful of posts is not', () => {
    const change = compareHalves(timeline([2, 4, 5], [2, 4, 5], [4, 4, 3], [4, 4, 3]))!
    expect(change.difference.points).toBeLessThan(-25)
    expect(change.difference.high).toBeGreaterThan(0)
    expect(change.supported).toBe(false)
  })

  test('are not compared where one has fewer than 20 posts', () => {
    expect(compareHalves(timeline([20, 40, 60], [19, 0, 0]))).toBeNull()
    expect(compareHalves(timeline([20, 40, 60], [20, 0, 0]))).not.toBeNull()
    expect(compareHalves(timeline([20, 40, 60]))).toBeNull()
    expect(compareHalves({ unit: 'day', buckets: [] })).toBeNull()
  })

  test('are cut by time, not by posts, and named without their empty ends', () => {
    const change = compareHalves(timeline([9, 9, 9], [0, 0, 0], [0, 0, 0], [0, 0, 0], [9, 9, 9], [90, 90, 90]))!
    expect(change.before).toMatchObject({ to: '2024-03-05T00:00:00.000Z', net: { n: 27 } })
    expect(change.after).toMatchObject({ from: '2024-03-08T00:00:00.000Z', net: { n: 297 } })
  })

  test('end where the calendar says, for months too', () => {
    const months = createTimeline()
    for (let month = 0; month < 12; month++) {
      for (let post = 0; post < 10; post++) months.add(new Date(Date.UTC(2023, month, 5)), 'positive')
    }
    const result = months.buckets()!
    expect(result.unit).toBe('month')
    expect(compareHalves(result)).toMatchObject({
      before: { from: '2023-01-01T00:00:00.000Z', to: '2023-07-01T00:00:00.000Z' },
      after: { from: '2023-07-01T00:00:00.000Z', to: '2024-01-01T00:00:00.000Z' },
      supported: false,
    })
  })

  test('posts that all agree, few as they are, show no change', () => {
    const change = compareHalves(timeline([0, 0, 20], [0, 0, 20]))!
    expect(change.before.net.low).toBeLessThan(100)
    expect(change.difference).toMatchObject({ points: 0 })
    expect(change.supported).toBe(false)
  })
})

describe('a bucket that stands out', () => {
  const calm: Counts = [20, 60, 22]

  test('is named when it lies far from all the others, whichever way', () => {
    const low = findStandout(timeline(calm, calm, [80, 15, 5], calm, calm))!
    expect(low.start).toBe('2024-03-06T00:00:00.000Z')
    expect(low.net).toMatchObject({ points: -75, n: 100 })
    expect(low.rest.points).toBeCloseTo(1.96, 2)
    expect(low.rest.n).toBe(408)
    expect(findStandout(timeline(calm, [5, 15, 80], calm, calm))?.net.points).toBe(75)
  })

  test('is the farthest of several', () => {
    expect(findStandout(timeline(calm, [60, 20, 20], [90, 10, 0], calm, calm, calm))?.start).toMatch(/^2024-03-06/)
  })

  test('is not named among buckets that only vary by chance', () => {
    expect(findStandout(timeline(calm, [24, 60, 18], [18, 60, 24], calm, [23, 60, 19]))).toBeNull()
  })

  test('needs more distance the more buckets are looked at', () => {
    // 2.3 standard errors away: enough for one comparison, not for the best of thirty.
    const odd: Counts = [33, 50, 17]
    const days = Array.from({ length: 30 }, (_, day) => (day === 12 ? odd : calm))
    expect(findStandout(timeline(...days))).toBeNull()
    const alone = compareHalves(timeline(days.slice(0, 29).reduce(sum, [0, 0, 0]), odd))
    expect(alone?.supported).toBe(true)
  })

  test('is never a thin one, nor one of three', () => {
    expect(findStandout(timeline(calm, calm, [19, 0, 0], calm, calm))).toBeNull()
    expect(findStandout(timeline(calm, [80, 15, 5], calm))).toBeNull()
  })
})

function sum(a: Counts, b: Counts): Counts {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

describe('where nothing changes', () => {
  const random = seededRandom(41)
  const draw = (n: number): Counts => {
    const counts: SentimentCounts = { negative: 0, neutral: 0, positive: 0 }
    for (let post = 0; post < n; post++) {
      const at = random()
      counts[at < 0.3 ? 'negative' : at < 0.7 ? 'neutral' : 'positive']++
    }
    return [counts.negative, counts.neutral, counts.positive]
  }
  const ROUNDS = 2000
  const quiet = Array.from({ length: ROUNDS }, () => timeline(...Array.from({ length: 12 }, () => draw(25))))

  test('a change is claimed in about one file of twenty', () => {
    const rate = quiet.filter((each) => compareHalves(each)?.supported).length / ROUNDS
    expect(rate).toBeGreaterThan(0.03)
    expect(rate).toBeLessThan(0.065)
  })

  test('a standout is claimed in no more, though twelve buckets are looked at', () => {
    expect(quiet.filter((each) => findStandout(each) !== null).length / ROUNDS).toBeLessThan(0.065)
  })
})
