// The registry over the API: what it shows, what it changes, and what is recorded.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  AliasHistory,
  AliasMove,
  GateReport,
  Registry,
  RegistryComparison,
  RegistryEvents,
  RegistryTask,
  RegistryVersionDetails,
} from '@renown/contract'
import { openRegistry } from '@renown/models/serving'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestModel } from '../registry/test-models.ts'
import { type Answer, type Failed, registryRequests } from '../registry/test-requests.ts'
import { type ListeningServer, openTestServer } from '../test-support.ts'

const REGISTRY = '/api/v1/registry'

let server: ListeningServer
beforeAll(async () => {
  server = await openTestServer()
})
afterAll(async () => await server.close())

const { get, post, finished, add } = registryRequests(() => server)

const FAILED = {
  verdict: 'fail',
  rules: [{ rule: 'champion', subject: 'model.safetensors', status: 'fail', sentence: 'a loss of 0.4 points' }],
} as const satisfies TestModel['gate']

describe('a registry', () => {
  test('that nobody has made is empty', async () => {
    expect((await get<Registry>('')).body).toEqual({ versions: [], aliases: [], task: null })
    expect((await get<RegistryEvents>('/events')).body).toEqual({ events: [], next: null })
    expect((await get<AliasHistory>('/aliases/champion/history')).body.periods).toEqual([])
  })

  test('takes a model by its name, and says of each version what it is, who added it, why, and what the gate said', async () => {
    expect(await add({ name: 'one', version: '1', recall: 0.7, gate: {} })).toMatchObject({
      status: 'done',
      kind: 'add',
      reference: 'one',
      who: 'local (no key)',
      version: 'v1',
      is_new: true,
      problem: null,
    })
    await add({ name: 'two', version: '2', recall: 0.72, gate: FAILED })
    await add({ name: 'three', version: '3', gate: { hash: 'c'.repeat(64) } })
    const { versions } = (await get<Registry>('')).body
    expect(versions.map(({ version, gate }) => [version, gate?.verdict, gate?.about_this, gate?.reasons])).toEqual([
      ['v3', 'pass', false, []],
      ['v2', 'fail', true, ['a loss of 0.4 points']],
      ['v1', 'pass', true, []],
    ])
    const { body } = await get<RegistryVersionDetails>('/versions/v2')
    expect(body).toMatchObject({
      version: 'v2',
      name: 'tiny',
      model_version: '2',
      aliases: [],
      added_by: 'local (no key)',
      reason: 'adds 2',
      base: 'someone/tiny-base',
      trained_on: ['made/up'],
      reports: ['gate.json'],
      evaluations: [{ data_set: 'made/up', metrics: { macroRecall: { value: 0.72 } } }],
    })
    expect(body.bytes).toBe(Object.values(body.files).reduce((sum, { bytes }) => sum + bytes, 0))
  })

  test('knows a model that it has already', async () => {
    const task = await add({ name: 'again', version: '1', recall: 0.7, gate: {} })
    expect(task).toMatchObject({ status: 'done', version: 'v1', is_new: false })
  })

  test('compares what was recorded of two versions', async () => {
    const { body } = await get<RegistryComparison>('/comparison?one=v1&other=v2')
    expect([body.one.version, body.other.version]).toEqual(['v1', 'v2'])
    expect(body.evaluations).toEqual([
      expect.objectContaining({ data_set: 'made/up', split: 'test', same_data: true, encoding: null }),
    ])
    expect(body.evaluations[0]?.other?.metrics.macroRecall?.value).toBe(0.72)
    expect((await get<RegistryComparison>('/comparison?one=v3&other=v2')).body.evaluations[0]).toMatchObject({
      one: null,
      same_data: null,
    })
    expect((await get('/comparison?one=v1&other=v9')).body.code).toBe('VERSION_NOT_FOUND')
    expect((await get('/comparison?one=v1')).body.code).toBe('VALIDATION_FAILED')
  })

  test('is told where an alias goes, by whom, why and on which evidence, and tells it again', async () => {
    const evidence = [{ name: 'gate.json', sha256: 'd'.repeat(64) }]
    const first = await post<AliasMove>('/aliases/champion/promote', { version: 'v1', expect: null, reason: 'first' })
    expect(first.body).toMatchObject({ alias: 'champion', version: 'v1', from: null, moved: true })
    const failed = await post('/aliases/champion/promote', { version: 'v2', reason: 'second' })
    expect([failed.status, failed.body.code]).toEqual([409, 'GATE_NOT_PASSED'])
    expect(failed.body.detail).toContain('it failed the gate')
    const second = await post<AliasMove>('/aliases/champion/promote', {
      version: 'v2',
      reason: 'second',
      evidence,
      without_gate: true,
    })
    expect(second.body).toMatchObject({ version: 'v2', from: 'v1', moved: true })
    const same = await post<AliasMove>('/aliases/champion/promote', { version: 'v2', reason: 'again' })
    expect(same.body).toMatchObject({ version: 'v2', moved: false })
    const { aliases, versions } = (await get<Registry>('')).body
    expect(aliases).toEqual([
      {
        alias: 'champion',
        current: {
          version: 'v2',
          from: second.body.since,
          until: null,
          kind: 'promoted',
          who: 'local (no key)',
          reason: 'second (without the gate: it failed the gate)',
          evidence: [{ name: 'gate.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, ...evidence],
        },
        rollback_to: 'v1',
      },
    ])
    expect(versions.find(({ version }) => version === 'v2')?.aliases).toEqual(['champion'])
    expect((await get<RegistryVersionDetails>('/versions/champion')).body.version).toBe('v2')
  })

  test('goes back, and says so in its history, now and at a time', async () => {
    const back = await post<AliasMove>('/aliases/champion/rollback', { expect: 'v2', reason: 'errors since noon' })
    expect(back.body).toMatchObject({ version: 'v1', from: 'v2', moved: true })
    const again = await post('/aliases/champion/rollback', { reason: 'further' })
    expect([again.status, again.body.code]).toEqual([409, 'ROLLBACK_REFUSED'])
    const { periods } = (await get<AliasHistory>('/aliases/champion/history')).body
    expect(periods.map(({ version, kind, reason }) => [version, kind, reason])).toEqual([
      ['v1', 'rolled-back', 'errors since noon'],
      ['v2', 'promoted', 'second (without the gate: it failed the gate)'],
      ['v1', 'promoted', 'first'],
    ])
    const at = periods[1]?.from ?? ''
    const then = await get<AliasHistory>(`/aliases/champion/history?at=${encodeURIComponent(at)}`)
    expect(then.body.periods.map(({ version }) => version)).toEqual(['v2'])
    expect((await get<AliasHistory>('/aliases/champion/history?at=2020-01-01T00:00:00Z')).body.periods).toEqual([])
    expect((await get('/aliases/champion/history?at=yesterday')).body.code).toBe('VALIDATION_FAILED')
    expect((await get<Registry>('')).body.aliases[0]).toMatchObject({ rollback_to: null })
  })

  test('keeps everything that happened, a page at a time', async () => {
    const { body } = await get<RegistryEvents>('/events?limit=2')
    expect(body.events.map(({ kind, versions, from }) => [kind, versions, from])).toEqual([
      ['rolled-back', ['v1'], 'v2'],
      ['promoted', ['v2'], 'v1'],
    ])
    const rest = (await get<RegistryEvents>(`/events?before=${body.next}`)).body
    expect(rest.events.map(({ kind }) => kind)).toEqual(['promoted', 'added', 'added', 'added'])
    expect(rest.next).toBeNull()
    expect((await get('/events?limit=0')).body.code).toBe('VALIDATION_FAILED')
  })

  test('says where on the Hub a version was published', async () => {
    const registry = openRegistry(server.home)
    const publication = { version: 'v2', repository: 'somebody/mood', commit: 'c0ffee', tag: null }
    await registry.notePublished(publication, { who: 'ada', why: 'for everybody' })
    const { events } = (await get<RegistryEvents>('/events?limit=1')).body
    expect(events).toMatchObject([{ kind: 'published', versions: ['v2'], published: 'hf:somebody/mood@c0ffee' }])
  })

  test('says which versions would go, and lets none go that serves here', async () => {
    await add({ name: 'four', version: '4' })
    const dry = await post('/prune', { keep: 1, days: 1, dry_run: true })
    expect(dry.body).toEqual({ versions: ['v3'], bytes: null, dry_run: true })
    const { state } = server.deployment
    server.deployment.state = { ...state, previous: { ...state.serving, reference: 'v3' } }
    const used = await post('/prune', { keep: 1, days: 1 })
    expect([used.status, used.body.code]).toEqual([409, 'VERSION_IN_USE'])
    server.deployment.state = state
    const done = await post<{ bytes: number }>('/prune', { keep: 1, days: 1, reason: 'room' })
    expect(done.body).toMatchObject({ versions: ['v3'], dry_run: false })
    expect(done.body.bytes).toBeGreaterThan(0)
    const gone = await get('/versions/v3')
    expect([gone.status, gone.body.code]).toEqual([410, 'VERSION_PRUNED'])
    expect(gone.body.detail).toContain('local (no key) (room)')
    expect((await post('/aliases/champion/promote', { version: 'v3', reason: 'back' })).status).toBe(410)
  })

  test('is verified, one task at a time', async () => {
    const { status, body } = await post<RegistryTask>('/verify', {})
    expect(status).toBe(202)
    expect(await finished(body)).toMatchObject({
      status: 'done',
      kind: 'verify',
      verification: { versions: 3, problems: [] },
    })
    expect((await get<Registry>('')).body.task).toMatchObject({ id: body.id })
    const answers = await Promise.all([1, 2, 3].map(async () => await post<RegistryTask>('/verify', {})))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('REGISTRY_BUSY')
    await Promise.all(answers.map(async ({ status, body }) => status === 202 && (await finished(body))))
  })

  test('of two who decide at once tells one', async () => {
    const promote = async (version: string, index: number): Promise<Answer<AliasMove & Failed>> =>
      await post<AliasMove>('/aliases/champion/promote', {
        version,
        expect: 'v1',
        reason: `${index} wants ${version}`,
        without_gate: true,
      })
    const answers = await Promise.all(['v2', 'v4', 'v2', 'v4'].map(promote))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('ALIAS_MOVED')
  })
})

test('the champion gives way to what passed a gate against it, told with the version or beside it', async () => {
  const other = await openTestServer()
  try {
    await add({ name: 'one', version: '1' }, other)
    const first = await post<AliasMove>('/aliases/champion/promote', { version: 'v1', reason: 'first' }, other)
    expect(first.status).toBe(200)
    const { hash } = (await get<RegistryVersionDetails>('/versions/v1', other)).body
    await add({ name: 'two', version: '2', gate: { champion: 'c'.repeat(64) } }, other)
    await add({ name: 'three', version: '3', gate: { champion: hash } }, other)
    expect((await get<Registry>('', other)).body.versions[0]?.gate).toMatchObject({ champion: hash })
    const stale = await post('/aliases/champion/promote', { version: 'v2', reason: 'x' }, other)
    expect(stale.body).toMatchObject({ code: 'GATE_NOT_PASSED', detail: expect.stringContaining('not with v1') })
    const report = await (await fetch(`${other.url}${REGISTRY}/versions/v2/reports/gate.json`)).text()
    const sent = { version: 'v2', reason: 'x', gate_report: report.replace('c'.repeat(64), hash) }
    expect((await post<AliasMove>('/aliases/champion/promote', sent, other)).body).toMatchObject({ version: 'v2' })
    expect((await post('/aliases/champion/rollback', { reason: 'back' }, other)).status).toBe(200)
    const third = await post<AliasMove>('/aliases/champion/promote', { version: 'v3', reason: 'better' }, other)
    expect(third.body).toMatchObject({ version: 'v3', from: 'v1', moved: true })
    const { aliases } = (await get<Registry>('', other)).body
    expect(aliases[0]?.current).toMatchObject({ reason: 'better', evidence: [{ name: 'gate.json' }] })
  } finally {
    await other.close()
  }
})

describe('a report', () => {
  const EVIL = '<!doctype html><title>x</title><script>alert(1)</script><img src="https://evil.example/a.png">'

  beforeAll(async () => {
    await add({ name: 'papers', version: '5', gate: {}, papers: { 'gate.html': EVIL, 'report.html': EVIL } })
    await add({ name: 'liar', version: '6', papers: { 'gate.json': '{"kind": "renown-gate", "verdict": "pass"}' } })
  })

  test('of the gate is handed out as it was written', async () => {
    const report = await get<GateReport>('/versions/v5/reports/gate.json')
    expect(report.headers.get('content-type')).toMatch(/^application\/json/)
    expect(report.body).toMatchObject({ kind: 'renown-gate', verdict: 'pass', candidate: { version: '5' } })
  })

  test.each(['gate.html', 'report.html'])('%s can run, load and send nothing, whoever wrote it', async (name) => {
    const { body, headers } = await get<string>(`/versions/v5/reports/${name}`)
    expect(body).toBe(EVIL)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy.split(';')).toEqual(
      expect.arrayContaining(['sandbox', "default-src 'none'", "form-action 'none'", "frame-ancestors 'none'"]),
    )
    expect(policy).not.toMatch(/script-src|allow-|https?:|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('that is none, or that no version has, is not there', async () => {
    expect((await get<Registry>('')).body.versions.find(({ version }) => version === 'v6')?.gate).toBeNull()
    for (const path of ['v6/reports/gate.json', 'v1/reports/gate.html'])
      expect((await get(`/versions/${path}`)).body.code).toBe('REPORT_NOT_FOUND')
    expect((await get('/versions/v5/reports/renown.json')).body.code).toBe('VALIDATION_FAILED')
    expect((await get('/versions/v9/reports/gate.json')).body.code).toBe('VERSION_NOT_FOUND')
  })

  test('that was changed on the disk is not handed out, and the list goes on without it', async () => {
    const path = join(server.home, 'models', '.registry', 'versions', 'v5')
    await rm(join(path, 'gate.html'))
    await writeFile(join(path, 'gate.html'), 'changed')
    const { status, body } = await get('/versions/v5/reports/gate.html')
    expect([status, body.code]).toEqual([500, 'REGISTRY_INVALID'])
    expect(body.detail).not.toContain(server.home)
    await rm(join(path, 'renown.json'))
    expect((await get('/versions/v5')).body.code).toBe('REGISTRY_INVALID')
    expect((await get('')).status).toBe(200)
    const { body: task } = await post<RegistryTask>('/verify', {})
    const { verification } = await finished(task)
    expect(verification?.problems).toEqual(
      expect.arrayContaining(['gate.html of v5 was changed', 'v5 lacks renown.json']),
    )
    expect(JSON.stringify(verification)).not.toContain(server.home)
  })
})
