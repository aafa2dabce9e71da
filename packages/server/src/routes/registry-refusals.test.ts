// The registry over the API: what is refused, and who may change it.
import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Registry, RegistryEvents, RegistryTask, Scope } from '@renown/contract'
import { SCOPES } from '@renown/contract/scopes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../auth/keys.ts'
import { makeTestModel } from '../registry/test-models.ts'
import { type Headed, registryRequests } from '../registry/test-requests.ts'
import { type ListeningServer, openTestServer } from '../test-support.ts'

let server: ListeningServer
beforeAll(async () => {
  server = await openTestServer()
  await add({ name: 'one', version: '1' })
  await add({ name: 'two', version: '2' })
  for (const version of ['v1', 'v2']) {
    const { status } = await post('/aliases/champion/promote', { version, reason: 'x', without_gate: true })
    expect(status).toBe(200)
  }
})
afterAll(async () => await server.close())

const { get, post, finished, add } = registryRequests(() => server)

describe('what the API refuses', () => {
  const LONG = 'a'.repeat(10_000)

  test.each(['..', '../one', '/etc', './one', LONG.slice(0, 301), '', 'file:///etc', 'https://a.example', 'nobody'])(
    'a model that is called %j',
    async (reference) => {
      const { status, body } = await post('/versions', { reference, reason: 'x' })
      expect(status).toBe(422)
      expect(['MODEL_REFERENCE_REFUSED', 'VALIDATION_FAILED']).toContain(body.code)
      expect(JSON.stringify(body)).not.toContain(server.home)
    },
  )

  test.each(['hf:../..', 'hf:owner/na me', `hf:${'a'.repeat(200)}/b`])(
    'a repository that is called %j, in its task',
    async (reference) => {
      const { body } = await post<RegistryTask>('/versions', { reference, reason: 'x' })
      const task = await finished(body)
      expect(task).toMatchObject({ status: 'failed', version: null, problem: { code: 'HUB_NAME_INVALID' } })
    },
  )

  test('a folder with links that leave it, without a word of where things lie', async () => {
    const folder = await makeTestModel(server.home, { name: 'links', version: '7' })
    await rm(join(folder, 'vocab.txt'))
    await symlink('/etc/hostname', join(folder, 'vocab.txt'))
    const { body } = await post<RegistryTask>('/versions', { reference: 'links', reason: 'x' })
    const task = await finished(body)
    expect(task).toMatchObject({ status: 'failed', problem: { code: 'MODEL_FILE_OUTSIDE' } })
    expect(JSON.stringify(task)).not.toMatch(new RegExp(`${server.home}|/etc/hostname`))
  })

  test.each(['..%2f..', 'v1%00', '%22', "'", 'V1', '-', LONG.slice(0, 65)])('a version or alias %s', async (name) => {
    for (const path of [`/versions/${name}`, `/versions/${name}/reports/gate.json`, `/aliases/${name}/history`])
      expect((await get(path)).body.code).toBe('VALIDATION_FAILED')
    const promoted = await post(`/aliases/${name}/promote`, { version: 'v1', reason: 'x' })
    expect(promoted.body.code).toBe('VALIDATION_FAILED')
  })

  test('names of 10 kB', async () => {
    expect((await get(`/versions/${LONG}`)).status).toBe(414)
    expect((await post(`/aliases/${LONG}/promote`, { version: 'v1', reason: 'x' })).status).toBe(414)
    for (const body of [
      { version: 'v1', reason: LONG },
      { version: LONG, reason: 'x' },
      { version: 'v1', reason: 'x', evidence: [{ name: LONG, sha256: 'a'.repeat(64) }] },
      { version: 'v1', reason: 'x', expect: LONG },
    ])
      expect((await post('/aliases/champion/promote', body)).body.code).toBe('VALIDATION_FAILED')
  })

  test.each([
    ['an alias that means something else', 'latest', { version: 'v1', reason: 'x' }, 'REGISTRY_INPUT_INVALID'],
    ['the name of a folder', 'one', { version: 'v1', reason: 'x' }, 'REGISTRY_INPUT_INVALID'],
    ['a version as an alias', 'v7', { version: 'v1', reason: 'x' }, 'REGISTRY_INPUT_INVALID'],
    [
      'a reason of two lines',
      'champion',
      { version: 'v1', reason: 'a\nb', without_gate: true },
      'REGISTRY_INPUT_INVALID',
    ],
    [
      'a reason that reads backwards',
      'champion',
      { version: 'v1', reason: 'a\u202eb', without_gate: true },
      'REGISTRY_INPUT_INVALID',
    ],
    ['no reason', 'champion', { version: 'v1' }, 'VALIDATION_FAILED'],
    ['an empty reason', 'champion', { version: 'v1', reason: '  ', without_gate: true }, 'REGISTRY_INPUT_INVALID'],
    ['a signature of its own', 'champion', { version: 'v1', reason: 'x', who: 'the boss' }, 'VALIDATION_FAILED'],
    ['an alias as a version', 'champion', { version: 'challenger', reason: 'x' }, 'VALIDATION_FAILED'],
    ['a version that never was', 'champion', { version: 'v99', reason: 'x' }, 'VERSION_NOT_FOUND'],
    [
      'an old look at the alias',
      'champion',
      { version: 'v1', reason: 'x', expect: null, without_gate: true },
      'ALIAS_MOVED',
    ],
    [
      'evidence with a line break',
      'champion',
      { version: 'v1', reason: 'x', evidence: [{ name: 'a\nb', sha256: 'a'.repeat(64) }] },
      'VALIDATION_FAILED',
    ],
  ])('%s', async (_what, alias, request, code) => {
    const before = (await get<Registry>('')).body.aliases
    const { body } = await post(`/aliases/${alias}/promote`, request)
    expect(body.code).toBe(code)
    expect(JSON.stringify(body)).not.toContain(server.home)
    expect((await get<Registry>('')).body.aliases).toEqual(before)
  })

  test('the rollback of an alias that was never set, and a task that never was', async () => {
    const { status, body } = await post('/aliases/nobody/rollback', { reason: 'x' })
    expect([status, body.code]).toEqual([404, 'ALIAS_NOT_SET'])
    expect((await get('/tasks/none')).body.code).toBe('TASK_NOT_FOUND')
  })

  test('a page of another site', async () => {
    const headers = { origin: 'https://evil.example' }
    for (const path of ['/aliases/champion/promote', '/aliases/champion/rollback', '/versions', '/prune', '/verify'])
      expect((await post(path, { version: 'v1', reason: 'x', reference: 'one' }, server, headers)).body.code).toBe(
        'ORIGIN_REFUSED',
      )
  })
})

/** Such a request needs a key, also on a loopback address. */
const FORWARDED = { 'x-forwarded-for': '203.0.113.7' }

test('a server that is stopped gives up what a task of the registry reads', async () => {
  const other = await openTestServer()
  await add({ name: 'one', version: '1' }, other)
  const { registryTasks } = other.server.context
  const { id } = registryTasks.verify('ada')
  await other.close()
  expect(registryTasks.find(id).status).toBe('failed')
})

describe('scopes', () => {
  test('reading needs "read", changing needs "deploy", and the log has the name of the key', async () => {
    const guarded = await openTestServer()
    try {
      const keys = await Promise.all(
        SCOPES.map(async (scope) => await createKey({ home: guarded.home, name: `the ${scope} key`, scopes: [scope] })),
      )
      const bearer = (scope: Scope): Headed => {
        return { ...FORWARDED, authorization: `Bearer ${keys[SCOPES.indexOf(scope)]?.key}` }
      }
      // A running server hears of new keys within half a second.
      await expect.poll(async () => (await get('', guarded, bearer('read'))).status, { timeout: 60_000 }).toBe(200)
      await makeTestModel(guarded.home, { name: 'one', version: '1' })
      const body = { version: 'v1', reason: 'x', reference: 'one' }
      const paths = ['/aliases/champion/promote', '/aliases/champion/rollback', '/versions', '/prune', '/verify']
      for (const scope of ['read', 'write'] as const) {
        const headers = bearer(scope)
        expect((await get('', guarded, headers)).status).toBe(200)
        for (const path of paths) expect((await post(path, body, guarded, headers)).body.code).toBe('SCOPE_MISSING')
      }
      for (const path of paths) expect((await post(path, body, guarded, FORWARDED)).body.code).toBe('KEY_REQUIRED')
      const deploy = bearer('deploy')
      expect((await post<RegistryTask>('/versions', { reference: 'one', reason: 'x' }, guarded, deploy)).status).toBe(
        202,
      )
      await expect
        .poll(async () => (await get<Registry>('', guarded, deploy)).body.task?.status, { timeout: 60_000 })
        .toBe('done')
      const promoted = await post('/aliases/champion/promote', { version: 'v1', reason: 'x' }, guarded, bearer('admin'))
      expect(promoted.status).toBe(200)
      const { events } = (await get<RegistryEvents>('/events', guarded, deploy)).body
      expect(events.map(({ who }) => who)).toEqual([
        expect.stringMatching(/^the admin key \(key [0-9a-f]{12}\)$/),
        expect.stringMatching(/^the deploy key \(key [0-9a-f]{12}\)$/),
      ])
    } finally {
      await guarded.close()
    }
  })
})
