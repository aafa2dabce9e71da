// What serves, what a gate said, and what the registry does, in words.
import { describe, expect, it } from 'vitest'
import type { Challenger, Deployment, GateSummary, Registry, RegistryTask } from '../api/types.ts'
import {
  describeAgreement,
  describeFollowing,
  describeLoading,
  describeMove,
  describeTask,
  findReason,
} from './deployment.ts'
import { describeGate } from './gate.ts'

const served = { reference: 'v4', name: 'tiny', version: '4', hash: 'a', since: '2026-02-01T12:00:00Z' }
const deployment: Deployment = {
  following: 'champion',
  serving: served,
  previous: null,
  loading: null,
  refused: [],
  checked: null,
  challenger: null,
}
const period = {
  version: 'v4',
  from: '2026-02-01T12:00:00Z',
  until: null,
  kind: 'promoted',
  who: 'ada',
  reason: 'better',
  evidence: [],
} as const
const registry: Registry = {
  versions: [],
  aliases: [{ alias: 'champion', current: { ...period, evidence: [] }, rollback_to: 'v3' }],
  task: null,
}

describe('what serves', () => {
  it('has the reason of the promotion, where the alias names what serves', () => {
    expect(findReason(deployment, registry)).toMatchObject({ reason: 'better' })
    expect(findReason({ ...deployment, serving: { ...served, reference: 'v3' } }, registry)).toBeNull()
    expect(findReason({ ...deployment, following: null }, registry)).toBeNull()
    expect(findReason(deployment, null)).toBeNull()
    expect(describeMove(period)).toBe('Promoted by ada: “better”')
    expect(describeMove({ ...period, kind: 'rolled-back' })).toBe('Rolled back to by ada: “better”')
  })

  it('says what is followed and what is coming', () => {
    expect(describeFollowing(deployment)).toBe('champion, an alias of the registry')
    expect(describeFollowing({ ...deployment, following: 'hf:a/b' })).toBe('hf:a/b, a repository of the Hub')
    expect(describeFollowing({ ...deployment, following: null })).toContain('Nothing: it serves v4')
    expect(describeLoading({ reference: 'v5', step: 'check', since: '' })).toContain('v5 is being checked')
  })
})

describe('a challenger', () => {
  const challenger: Challenger = {
    version: served,
    share: 0.1,
    compared: 200,
    agreed: 190,
    agreement: { value: 0.95, low: 0.91, high: 0.973 },
    labels: {},
    disagreements: [],
  }

  it('agrees so often, with an interval', () => {
    expect(describeAgreement(challenger)).toBe(
      'It reads 10% of the posts along, and labels 95% (91–97%) of 200 posts the same.',
    )
  })

  it('is counted where a share would say too much, and has read nothing at first', () => {
    expect(describeAgreement({ ...challenger, compared: 3, agreed: 2 })).toContain('Of 3 posts it labels 2 the same')
    expect(describeAgreement({ ...challenger, share: 1, compared: 0, agreement: null })).toBe(
      'It reads every post along, and has not read one yet.',
    )
  })
})

describe('a gate', () => {
  const gate: GateSummary = {
    verdict: 'pass',
    created_at: '',
    data_set: 'posts',
    split: 'gate',
    rows: 12_284,
    champion: 'a',
    reasons: [],
    sha256: '',
    about_this: true,
  }

  it('warns unless it passed this very model', () => {
    expect(describeGate(gate)).toEqual({
      word: 'Passed',
      sentence: 'It passed on 12,284 posts of posts, gate.',
      warning: null,
    })
    for (const other of [null, { ...gate, about_this: false }, { ...gate, verdict: 'fail' }] as const)
      expect(describeGate(other).warning).not.toBeNull()
    expect(describeGate(gate, 'a').warning).toBeNull()
    expect(describeGate(gate, 'b').warning).toContain('something else')
    expect(describeGate({ ...gate, verdict: 'undecidable' }).word).toBe('Undecided')
    expect(describeGate({ ...gate, about_this: false }).word).toBe('Not judged')
  })
})

describe('a task', () => {
  const task: RegistryTask = {
    id: 'x',
    kind: 'add',
    status: 'running',
    reference: 'hf:a/b',
    who: 'ada',
    started_at: '',
    finished_at: null,
    progress: null,
    version: null,
    is_new: null,
    verification: null,
    problem: null,
  }

  it('says what it does and what came of it', () => {
    expect(describeTask(task)).toBe('hf:a/b is being added.')
    expect(describeTask({ ...task, progress: { path: 'model.onnx', bytes: 1e6, total: 2e6 } })).toBe(
      'hf:a/b is being added: 1 MB of 2 MB, model.onnx',
    )
    expect(describeTask({ ...task, status: 'done', version: 'v4', is_new: true })).toBe('hf:a/b is v4.')
    expect(describeTask({ ...task, status: 'done', version: 'v4', is_new: false })).toBe('hf:a/b was v4 already.')
    expect(describeTask({ ...task, status: 'failed' })).toBe('hf:a/b was not added.')
    const verify = { ...task, kind: 'verify', reference: null } as const
    const found = { events: 1, versions: 1, blobs: 1, problems: ['v1 lacks a file'] }
    expect(describeTask(verify)).toContain('is being verified')
    expect(describeTask({ ...verify, status: 'failed' })).toContain('could not be verified')
    expect(describeTask({ ...verify, status: 'done', verification: found })).toBe('1 thing in the registry is damaged.')
    expect(describeTask({ ...verify, status: 'done', verification: { ...found, problems: [] } })).toContain('is whole')
  })
})
