// What is drawn: thin, missing and unfinished buckets, and where the pointer is.
import { describe, expect, it } from 'vitest'
import type { Timeline } from '../api/types.ts'
import { findGaps, findRuns, indexAt, roundUp, toPoints } from './points.ts'
import { describeTimeline, readPoint } from './read-out.ts'
import { toTsv } from './timeline-table.tsx'

function timeline(...counts: number[]): Timeline {
  const buckets = counts.map((n, day) => ({
    start: new Date(Date.UTC(2024, 2, 4 + day)).toISOString(),
    n,
    negative: n,
    neutral: 0,
    positive: 0,
    thin: n > 0 && n < 10,
    net: n === 0 ? null : { points: -100, low: -100, high: -60 },
  }))
  return { unit: 'day', buckets }
}

const LATER = new Date('2024-06-01T00:00:00Z')

describe('points of the chart', () => {
  it('marks the bucket that is not over', () => {
    const points = toPoints(timeline(9, 10, 0, 50), new Date('2024-03-07T12:00:00Z'))
    expect(points.map((point) => point.unfinished)).toEqual([false, false, false, true])
    expect(points[0]?.end).toBe(points[1]?.start)
  })

  it('joins missing buckets into one gap and breaks the line there', () => {
    const points = toPoints(timeline(5, 0, 0, 5, 5, 0), LATER)
    const gaps = findGaps(points)
    expect(gaps.map((gap) => (gap.end - gap.start) / 86_400)).toEqual([2, 1])
    expect(findRuns(points).map((run) => run.length)).toEqual([1, 2])
  })

  it('finds the bucket under the pointer, also beside the ends', () => {
    const points = toPoints(timeline(1, 1, 1), LATER)
    const first = points[0]?.start ?? 0
    expect(indexAt(points, first - 1000)).toBe(0)
    expect(indexAt(points, first + 86_399)).toBe(0)
    expect(indexAt(points, first + 86_400)).toBe(1)
    expect(indexAt(points, first + 1e9)).toBe(2)
  })

  it('rounds the top of the columns up to a whole round number', () => {
    expect([0, 1, 2, 3, 7, 11, 13, 26, 109, 121, 1001, 9999].map(roundUp)).toEqual([
      1, 1, 2, 3, 8, 12, 15, 30, 120, 150, 1200, 10_000,
    ])
  })

  it('reads out a bucket in words, and says what is thin or missing', () => {
    const [thin, empty] = toPoints(timeline(9, 0), LATER)
    expect(thin && readPoint(thin, 'day')).toEqual({
      when: '4 March 2024',
      net: 'Net −100 (−100 to −60), too few posts to say more',
      posts: '9 posts: 9 negative, 0 neutral, 0 positive',
    })
    expect(empty && readPoint(empty, 'day')).toEqual({ when: '5 March 2024', net: 'no posts', posts: '' })
  })

  it('says measure, unit, period, n, and how many posts are not in the chart', () => {
    expect(describeTimeline(timeline(9, 10), 24)).toBe(
      'Points from −100 to +100 and number of posts by day (UTC), 4–5 March 2024, n = 19; 5 posts without a date not shown. The band is the 95% interval.',
    )
  })

  it('copies plain numbers for a spreadsheet', () => {
    expect(toTsv(toPoints(timeline(2, 0), LATER))).toBe(
      'start\tposts\tnegative\tneutral\tpositive\tnet\tlow\thigh\n' +
        '2024-03-04T00:00:00.000Z\t2\t2\t0\t0\t-100\t-100\t-60\n' +
        '2024-03-05T00:00:00.000Z\t0\t0\t0\t0\t\t\t\n',
    )
  })
})
