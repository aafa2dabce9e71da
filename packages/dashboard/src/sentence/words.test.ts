// Problems, verdicts, progress and filters in words.
import { describe, expect, it } from 'vitest'
import type { Scoring, ScoringSummary } from '../api/types.ts'
import { countPosts, describeFilter } from './posts.ts'
import { describeRetry, explainProblem } from './problems.ts'
import { describeProgress, describeRows, progressShare } from './progress.ts'
import { describeVerdict, describeWindows } from './verdict.ts'

const progress: Scoring['progress'] = {
  rows: 1204,
  scored: 1190,
  rejected: 14,
  cached: 300,
  bytes_read: 250,
  bytes_total: 1000,
  rows_per_second: 3100,
  seconds_left: 12,
}

describe('progress', () => {
  it('gives rate and time left only after two seconds', () => {
    expect(describeProgress(progress, 1999)).toBe('1,204 rows read')
    expect(describeProgress(progress, 2000)).toBe('1,204 rows read · 3,100 rows a second · about 15 s left')
  })

  it('knows its share by bytes, or not at all', () => {
    expect(progressShare(progress)).toBe(0.25)
    expect(progressShare({ ...progress, bytes_read: 2000 })).toBe(1)
    expect(progressShare({ ...progress, bytes_total: null })).toBeNull()
    expect(progressShare({ ...progress, bytes_total: 0 })).toBeNull()
  })

  it('says what became of the rows', () => {
    expect(describeRows(progress)).toBe('1,190 posts scored (300 with a text that was scored before), 14 rows left out')
    expect(describeRows({ ...progress, scored: 1, cached: 0, rejected: 0 })).toBe('1 post scored')
  })
})

describe('problems', () => {
  it('explains the codes it knows and passes on the words of the others', () => {
    expect(explainProblem({ code: 'OVERLOADED', title: 'x', detail: 'y' }).what).toBe('The server is busy.')
    const other = explainProblem({ code: 'FILE_INVALID', title: 'The file cannot be read', detail: 'Row 3 is cut off' })
    expect(other).toEqual({ what: 'The file cannot be read.', detail: 'Row 3 is cut off.', next: '' })
  })

  it('has no exclamation mark and no apology', () => {
    const words = JSON.stringify(
      ['SERVER_UNREACHABLE', 'KEY_INVALID'].map((code) => explainProblem({ code, title: '', detail: '' })),
    )
    expect(words).not.toMatch(/!|oops|sorry/i)
  })

  it('counts down to the next attempt', () => {
    expect(describeRetry(3)).toBe('Asking again in 3 s.')
    expect(describeRetry(0)).toBe('Asking again now.')
  })
})

describe('a verdict', () => {
  it('is a sentence with its certainty', () => {
    const answer = {
      label: 'positive',
      score: 0.97,
      scores: { negative: 0.01, neutral: 0.02, positive: 0.97 },
      model: '1',
      windows: 1,
    } as const
    expect(describeVerdict(answer)).toBe('Positive, 97%. The model is sure.')
    expect(describeWindows(1)).toBe('')
    expect(describeWindows(3)).toBe('Long text: read in 3 overlapping parts.')
  })
})

describe('the posts behind a number', () => {
  const share = (n: number): ScoringSummary['split']['negative'] => ({ n, share: 0, low: 0, high: 0 })
  const summary: ScoringSummary = {
    rows: 6,
    scored: 6,
    rejected: 0,
    too_few: true,
    split: { negative: share(3), neutral: share(2), positive: share(1) },
    net: null,
    timeline: {
      unit: 'day',
      buckets: [
        { start: '2024-03-04T00:00:00.000Z', n: 4, negative: 3, neutral: 1, positive: 0, thin: true, net: null },
      ],
    },
    undated: 2,
    change: null,
    standout: null,
    strongest: { negative: [], neutral: [], positive: [] },
  }
  const all = { label: null, from: null, to: null }
  const day = { label: null, from: '2024-03-04T00:00:00.000Z', to: '2024-03-05T00:00:00.000Z' }

  it('are counted where the summary has the count', () => {
    expect(countPosts(all, summary)).toBe(6)
    expect(countPosts({ ...all, label: 'negative' }, summary)).toBe(3)
    expect(countPosts({ ...day, label: 'neutral' }, summary)).toBe(1)
    expect(countPosts({ ...day, to: '2024-03-09T00:00:00.000Z' }, summary)).toBeNull()
    expect(countPosts(all, null)).toBeNull()
  })

  it('are named', () => {
    expect(describeFilter(all, summary)).toBe('6 posts')
    expect(describeFilter({ ...all, label: 'positive' }, summary)).toBe('1 positive post')
    expect(describeFilter({ ...day, label: 'negative' }, summary)).toBe('3 negative posts, 4 March 2024')
    expect(describeFilter({ ...day, to: '2024-03-09T00:00:00.000Z' }, summary)).toBe('posts, 4–8 March 2024')
  })
})
