// What the page says of drift, news and accuracy.
import { expect, test } from 'vitest'
import type { Drift } from '../api/types.ts'
import { describeAccuracy, describeFindings, describeRecent, describeRetraining, describeVerdict } from './drift.ts'

const CALM: Drift = {
  model: '1.0.0',
  watched: true,
  reference: { data_set: 'posts', split: 'test', posts: 1200, accuracy: 0.7 },
  from: '2026-03-09T12:00:00Z',
  to: '2026-03-10T12:00:00Z',
  posts: 1204,
  verdict: 'stable',
  severity: 'none',
  recent: null,
  findings: [{ feature: 'novelty', effect: 0.1, limit: 0.25, p: 0.4, severity: 'none' }],
  mix: null,
  estimated_accuracy: null,
  sampled_accuracy: null,
  labelled: 0,
  waiting: 0,
  keeps_texts: false,
  retraining: [],
}

test('a verdict is said as far as the posts carry it', () => {
  expect(describeVerdict(CALM)).toBe('Nothing changed that these 1,204 posts could show.')
  expect(describeVerdict({ ...CALM, posts: 1, verdict: 'too_few' })).toMatch(/^1 post of the last week: too few/)
  expect(describeVerdict({ ...CALM, verdict: 'news' })).toContain('The reputation changed')
  expect(describeVerdict({ ...CALM, verdict: 'drift' })).toContain('of another kind')
  expect(describeVerdict({ ...CALM, verdict: 'drift_and_news' })).toContain(
    '(1,204 posts), and the reputation changed too',
  )
  expect(describeVerdict({ ...CALM, watched: false })).toContain('without a reference profile')
})

test('a world that was another one all along is told from one that changed of late', () => {
  expect(describeRecent({ ...CALM, recent: { verdict: 'drift', severity: 'strong' } })).toBeNull()
  const other: Drift = { ...CALM, verdict: 'drift' }
  expect(describeRecent(other)).toBeNull()
  expect(describeRecent({ ...other, recent: { verdict: 'stable', severity: 'none' } })).toMatch(
    /already.*250 or more labelled posts.*evaluate --record/,
  )
  expect(describeRecent({ ...other, recent: { verdict: 'too_few', severity: 'none' } })).toBeNull()
  expect(describeRecent({ ...other, recent: { verdict: 'drift', severity: 'strong' } })).toContain('others a week ago')
})

test('a reference that is too small is told from too few posts', () => {
  const small: Drift = { ...CALM, posts: 5000, verdict: 'too_few', reference: { ...CALM.reference!, posts: 100 } }
  expect(describeVerdict(small)).toBe('The model was measured on 100 posts only: too few to compare with.')
})

test('news are not said to leave the accuracy as it was, which nobody knows', () => {
  expect(describeVerdict({ ...CALM, verdict: 'news' })).not.toContain('as good')
})

test('only findings that count are named', () => {
  expect(describeFindings(CALM)).toBeNull()
  const found = { ...CALM.findings[0]!, severity: 'strong' } as const
  expect(describeFindings({ ...CALM, findings: [found] })).toBe(
    'What differs: how many of their words the measured posts did not have.',
  )
})

test('accuracy has its interval, and a suggestion its reasons', () => {
  expect(describeAccuracy({ value: 0.712, low: 0.66, high: 0.76 })).toBe('71% (66–76%)')
  expect(describeRetraining(CALM)).toBeNull()
  expect(describeRetraining({ ...CALM, retraining: ['world_changed'] })).toContain('posts are far from those')
})
