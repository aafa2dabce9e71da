// What `renown drift report` says of made-up states, and of a model that has no profile.
import { afterEach, expect, test } from 'vitest'
import { cleanUp, runCli, temporaryFolder } from '../test-cli.ts'
import { describeDrift } from './describe-drift.ts'

afterEach(cleanUp)

type State = Parameters<typeof describeDrift>[0]

const FEW: State = {
  version: '1.0.0',
  reference: { dataSet: 'posts', split: 'test', sha256: 'a'.repeat(64), posts: 1200, accuracy: 0.7 },
  from: new Date('2026-03-09T12:00:00Z'),
  to: new Date('2026-03-10T12:00:00Z'),
  verdict: { verdict: 'too_few', posts: 12, severity: 'none', findings: [], mix: null },
  recent: null,
  estimated: null,
  sampled: null,
  labelled: 0,
  waiting: 0,
  keepsTexts: false,
  suggestion: [],
}

test('too few posts are said to be too few, and nothing more', () => {
  expect(describeDrift(FEW, 'tiny')).toBe(
    [
      'Model      tiny 1.0.0',
      'Measured   on posts, test: 1,200 posts',
      'Posts      12 from 2026-03-09T12:00:00.000Z to 2026-03-10T12:00:00.000Z',
      '',
      'Too few posts to say anything.',
      '',
      'Accuracy   when measured 70.0 %',
    ].join('\n'),
  )
})

test('a changed world comes with its evidence and a suggestion', () => {
  const finding = { feature: 'novelty', effect: 0.61, p: 0, adjustedP: 0, limit: 0.25, severity: 'strong' } as const
  const text = describeDrift(
    {
      ...FEW,
      verdict: {
        verdict: 'drift',
        posts: 900,
        severity: 'strong',
        findings: [finding, { ...finding, feature: 'length', effect: 0.01, adjustedP: 0.4, severity: 'none' }],
        mix: {
          before: [0.3, 0.4, 0.3],
          now: [0.31, 0.4, 0.29],
          corrected: [0.3, 0.4, 0.3],
          distance: 0.01,
          p: 0.8,
          changed: false,
          comparedWith: 'reference',
        },
      },
      recent: { verdict: 'stable', severity: 'none' },
      estimated: { value: 0.6, low: 0.57, high: 0.63 },
      sampled: { value: 0.58, low: 0.5, high: 0.66 },
      labelled: 80,
      suggestion: ['world_changed', 'estimated_accuracy_fell', 'sampled_accuracy_fell'],
    },
    'tiny',
  )
  expect(text).toMatch(/novelty +0\.610 +0\.25 +< 0\.0001 +strong/)
  expect(text).toMatch(/length +0\.010 +0\.25 +0\.4000/)
  expect(text).toMatch(/negative +30\.0 % +31\.0 % +30\.0 %/)
  expect(text).toContain('estimated 60.0 % (57.0 % to 63.0 %); of 80 labelled posts 58.0 % (50.0 % to 66.0 %)')
  expect(text).toContain('Against the week before: neither the world nor the reputation changed.')
  expect(text).toMatch(/simply not those that the model was measured on.*--record/s)
  expect(text).toContain('Nothing was started.')
  expect(text).toContain('trust labels')
})

test('a reference that is too small is told from too few posts', () => {
  const small = { ...FEW, reference: { ...FEW.reference, posts: 100 }, verdict: { ...FEW.verdict, posts: 5000 } }
  expect(describeDrift(small, 'tiny')).toContain('measured on fewer than 250 posts')
})

test('a model without a reference profile is told how to get one', async () => {
  const { code, stderr } = await runCli(['drift', 'report', '--home', await temporaryFolder()])
  expect([code, stderr]).toEqual([2, expect.stringContaining('renown evaluate --record')])
})
