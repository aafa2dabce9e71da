// The answer in words.
import { describe, expect, it } from 'vitest'
import type { Change, ScoringSummary, Timeline } from '../api/types.ts'
import { describeSummary, titleOfChart, whyNoChart } from './summary.ts'

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
    too_few: scored < 20,
    split: { negative: share(negative, scored), neutral: share(neutral, scored), positive: share(positive, scored) },
    net: scored === 0 ? null : { points, low: points - margin, high: points + margin, n: scored },
    timeline,
    undated: 0,
    change: null,
    standout: null,
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
    thin: false,
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
  const timeline = days([20, 40, 60], [20, 40, 60], [60, 40, 20], [60, 40, 20])
  const fall: Change = {
    before: {
      from: '2024-03-04T00:00:00.000Z',
      to: '2024-03-06T00:00:00.000Z',
      net: { points: 33.33, low: 23.9, high: 42.3, n: 240 },
    },
    after: {
      from: '2024-03-06T00:00:00.000Z',
      to: '2024-03-08T00:00:00.000Z',
      net: { points: -33.33, low: -42.3, high: -23.9, n: 240 },
    },
    difference: { points: -66.67, low: -79.4, high: -52.6 },
    supported: true,
  }
  const rise: Change = {
    before: { ...fall.before, net: fall.after.net },
    after: { ...fall.after, net: fall.before.net },
    difference: { points: 66.67, low: 52.6, high: 79.4 },
    supported: true,
  }
  const dated = summary([160, 160, 160], 9, timeline)

  it('is said with both ends and their periods', () => {
    const { details } = describeSummary({ ...dated, change: fall })
    expect(details.map(plain)).toEqual([
      'It fell 67 points, from +33 ± 9 (4–5 March 2024) to −33 ± 9 (6–7 March 2024).',
    ])
    expect(titleOfChart({ ...dated, change: fall })).toBe('Net sentiment fell')
    expect(plain(describeSummary({ ...dated, change: rise }).details[0] ?? '')).toMatch(/^It rose 67 points, from −33/)
    expect(titleOfChart({ ...dated, change: rise })).toBe('Net sentiment rose')
  })

  it('is not claimed where the posts could not show it', () => {
    const weak = { ...dated, change: { ...fall, supported: false } }
    expect(describeSummary(weak).details).toEqual([
      'No change that these 480 posts could show between 4–5 March 2024 and 6–7 March 2024.',
    ])
    expect(titleOfChart(weak)).toBe('Net sentiment over time')
  })

  it('is not claimed where there are too few to compare', () => {
    expect(describeSummary(dated).details).toEqual(['No change that these 480 posts could show.'])
    expect(titleOfChart(dated)).toBe('Net sentiment over time')
  })

  it('is not looked for without dates or in a single day', () => {
    expect(describeSummary(summary([20, 20, 20], 10)).details).toEqual([])
    expect(describeSummary(summary([20, 20, 20], 10, days([20, 20, 20]))).details).toEqual([])
  })

  it('never calls a difference of net sentiment a percentage', () => {
    const { headline, details } = describeSummary({ ...dated, change: fall })
    expect(`${headline} ${details.join(' ')}`).not.toContain('%')
  })

  it('names the day that stands out beside it', () => {
    const standout = {
      start: '2024-03-06T00:00:00.000Z',
      net: { points: -61, low: -76, high: -46, n: 44 },
      rest: { points: 4, low: -1, high: 8, n: 1160 },
    }
    const { details } = describeSummary({ ...dated, change: fall, standout })
    expect(plain(details[1] ?? '')).toBe('6 March 2024 stands out: −61 ± 15 over 44 posts, against +4 in the rest.')
    expect(details).toHaveLength(2)
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
