// The answer in words.
import { describe, expect, it } from 'vitest'
import type { ScoringSummary, Timeline } from '../api/types.ts'
import { describeSummary, titleOfTimeline, whyNoChart } from './summary.ts'

const DAY = 86_400_000

function share(n: number, total: number): { n: number; share: number; low: number; high: number } {
  return { n, share: total === 0 ? 0 : n / total, low: 0, high: 1 }
}

function summary(counts: [number, number, number], margin: number, timeline: Timeline | null = null): ScoringSummary {
  const [negative, neutral, positive] = counts
  const scored = negative + neutral + positive
  const points = scored === 0 ? 0 : (100 * (positive - negative)) / scored
  return {
    rows: scored,
    scored,
    rejected: 0,
    split: { negative: share(negative, scored), neutral: share(neutral, scored), positive: share(positive, scored) },
    net: scored === 0 ? null : { points, low: points - margin, high: points + margin, n: scored },
    timeline,
    strongest: { negative: [], neutral: [], positive: [] },
  }
}

function days(...counts: [number, number, number][]): Timeline {
  const buckets = counts.map(([negative, neutral, positive], day) => ({
    start: new Date(Date.UTC(2024, 2, 4) + day * DAY).toISOString(),
    n: negative + neutral + positive,
    negative,
    neutral,
    positive,
    net: null,
  }))
  return { unit: 'day', buckets }
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('the headline', () => {
  it('gives net sentiment with its margin, n and what it means', () => {
    expect(plain(describeSummary(summary([450, 400, 354], 4)).headline)).toBe(
      'Net sentiment is −8 ± 4 over 1,204 posts: more negative posts than positive ones.',
    )
  })

  it('does not take sides when the interval holds zero', () => {
    expect(plain(describeSummary(summary([18, 8, 17], 26)).headline)).toBe(
      'Net sentiment is −2 ± 26 over 43 posts: about as many negative posts as positive ones.',
    )
  })

  it('counts instead of percentages where there are too few', () => {
    const { headline, details } = describeSummary(summary([3, 1, 0], 60))
    expect(headline).toBe('4 posts: 3 negative, 1 neutral, 0 positive.')
    expect(`${headline} ${details.join(' ')}`).not.toMatch(/%|±|rose|fell/)
    expect(describeSummary(summary([1, 0, 0], 60)).headline).toBe('1 post: 1 negative, 0 neutral, 0 positive.')
  })

  it('says so when nothing was scored', () => {
    expect(describeSummary(summary([0, 0, 0], 0)).headline).toBe('No post in this file could be scored.')
  })
})

describe('what changed', () => {
  it('is said with both ends and their periods', () => {
    const timeline = days([20, 40, 60], [20, 40, 60], [60, 40, 20], [60, 40, 20])
    const { details } = describeSummary(summary([160, 160, 160], 9, timeline))
    expect(plain(details[0] ?? '')).toBe(
      'It fell 67 points, from +33 ± 9 (4–5 March 2024) to −33 ± 9 (6–7 March 2024).',
    )
    expect(titleOfTimeline(timeline)).toBe('Net sentiment fell')
  })

  it('is not claimed where the posts could not show it', () => {
    const timeline = days([6, 5, 10], [8, 5, 9])
    expect(describeSummary(summary([14, 10, 19], 26, timeline)).details).toEqual([
      'No change that these 43 posts could show between 4 March 2024 and 5 March 2024.',
    ])
    expect(titleOfTimeline(timeline)).toBe('Net sentiment over time')
  })

  it('is not looked for without dates or in a single day', () => {
    expect(describeSummary(summary([20, 20, 20], 10)).details).toEqual([])
    expect(describeSummary(summary([20, 20, 20], 10, days([20, 20, 20]))).details).toEqual([])
  })

  it('never calls a difference of net sentiment a percentage', () => {
    const timeline = days([20, 40, 60], [20, 40, 60], [60, 40, 20], [110, 5, 5])
    const { headline, details } = describeSummary(summary([210, 125, 145], 9, timeline))
    expect(`${headline} ${details.join(' ')}`).not.toContain('%')
  })
})

describe('why there is no chart', () => {
  it('names the reason, or null where there is one', () => {
    expect(whyNoChart(summary([20, 20, 20], 9), false)).toMatch(/No column holds dates/)
    expect(whyNoChart(summary([20, 20, 20], 9), true)).toMatch(/No row has a date/)
    expect(whyNoChart(summary([2, 2, 2], 9, days([1, 1, 1], [1, 1, 1])), true)).toMatch(/Too few posts/)
    expect(whyNoChart(summary([20, 20, 20], 9, days([20, 20, 20])), true)).toMatch(/one day, 4 March 2024/)
    expect(whyNoChart(summary([40, 40, 40], 9, days([20, 20, 20], [20, 20, 20])), true)).toBeNull()
  })
})
