// Tests of asking the Hub: statuses, waits, redirects, time-outs, and what of the token may be seen.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { removeTemporaryFolders } from '../test-fixtures.ts'
import { fetchFiles, openSnapshot } from './snapshot.ts'
import { openTestHub, stopStandIns, type TestHub, TOKEN } from './test-hub.ts'
import { PAGE } from './testing/stand-in-faults.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

const REPOSITORY = { type: 'model', name: 'someone/model' } as const
const API = /^hub\/api\/models/

async function openRepository(...args: Parameters<typeof openTestHub>): Promise<TestHub> {
  const test = await openTestHub(...args)
  test.hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}', 'model.bin': 'weights' } })
  return test
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => new Error('nothing was refused'),
    (error: Error) => error,
  )
}

describe('a Hub in trouble', () => {
  test('is asked again after 5xx, twice as long after each', async () => {
    const { client, hub, waits } = await openRepository()
    hub.addFault({ match: API, fault: { kind: 'status', status: 502 }, times: 3 })
    await openSnapshot(client, REPOSITORY, 'main')
    expect(waits).toEqual([250, 500, 1000])
  })

  test('that has had too many requests is asked again when it says', async () => {
    const { client, hub, waits, notices } = await openRepository()
    const headers = { 'retry-after': '7' }
    hub.addFault({ match: API, fault: { kind: 'status', status: 429, headers } })
    hub.addFault({ match: API, fault: { kind: 'status', status: 429, headers: { ratelimit: '"api";r=0;t=55' } } })
    await openSnapshot(client, REPOSITORY, 'main')
    expect(waits[0]).toBeGreaterThanOrEqual(7000)
    expect(waits[1]).toBeGreaterThanOrEqual(55_000)
    expect(notices).toEqual([
      expect.stringMatching(/too many requests, and asks to wait 7 s; a token in HF_TOKEN raises the limit/),
      expect.stringContaining('asks to wait 55 s'),
    ])
  })

  test('that asks for an hour is not waited for', async () => {
    const { client, hub, waits } = await openRepository()
    hub.addFault({ match: API, fault: { kind: 'status', status: 429, headers: { 'retry-after': '3600' } } })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({
      code: 'HUB_RATE_LIMITED',
      message: expect.stringContaining('asks to wait 3600 s'),
    })
    expect(waits).toEqual([])
  })

  test.each([
    [500, 'HUB_UNREACHABLE'],
    [503, 'HUB_UNREACHABLE'],
    [429, 'HUB_RATE_LIMITED'],
  ])('that answers %i on and on is given up as %s', async (status, code) => {
    const { client, hub, waits } = await openRepository()
    hub.addFault({ match: API, fault: { kind: 'status', status }, times: 100 })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({
      code,
      message: expect.stringContaining('tried 5 times'),
    })
    expect(waits).toHaveLength(4)
  })

  test('that can not be reached is told with its address and the reason', async () => {
    const { client, hub } = await openRepository()
    await hub.close()
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      message: `${hub.url} can't be reached for the model someone/model at main: ECONNREFUSED (tried 5 times)`,
    })
  })

  test('that never answers is given up', async () => {
    const silent = await listen(createServer(() => {}))
    const { withEnv } = await openRepository()
    const client = withEnv({ HF_ENDPOINT: silent.url }, { idleMs: 100, attempts: 2 })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      message: expect.stringContaining('nothing arrived for 0.1 s'),
    })
    silent.server.closeAllConnections()
    silent.server.close()
  })

  test.each([
    ['a page', PAGE],
    ['half an answer', '{"sha": "abc'],
    ['no commit', '{"sha": "abc"}'],
    ['no object', 'null'],
  ])('that answers with %s is no Hub', async (_, body) => {
    const { client, hub, waits } = await openRepository()
    hub.addFault({ match: API, fault: { kind: 'status', status: 200, body } })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({ code: 'HUB_RESPONSE_INVALID' })
    expect(waits).toEqual([])
  })

  test('stops waiting when it is told to stop', async () => {
    const { hub, withEnv } = await openRepository()
    hub.addFault({ match: API, fault: { kind: 'status', status: 503 }, times: 100 })
    const controller = new AbortController()
    const client = withEnv(
      {},
      {
        sleep: async (_, signal) => {
          controller.abort(new Error('enough'))
          signal?.throwIfAborted()
        },
      },
    )
    const { signal } = controller
    await expect(openSnapshot(client, REPOSITORY, 'main', { signal })).rejects.toThrow('enough')
    await expect(openSnapshot(client, REPOSITORY, 'main', { signal })).rejects.toThrow('enough')
    expect(hub.requests).toHaveLength(1)
  })
})

describe('what the Hub refuses', () => {
  test('is told apart: repository, revision, file', async () => {
    const { client, hub } = await openRepository()
    await expect(openSnapshot(client, { type: 'model', name: 'someone/gone' }, 'main')).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
      message: expect.stringMatching(/the model someone\/gone at main: it does not exist, or it is private/),
    })
    await expect(openSnapshot(client, REPOSITORY, 'v9')).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
      message: expect.stringContaining('no such revision (Invalid rev id: v9)'),
    })
    const snapshot = await openSnapshot(client, REPOSITORY, 'main')
    await expect(fetchFiles(client, snapshot, ['gone.bin'])).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' })
    hub.addFault({
      match: /resolve/,
      fault: { kind: 'status', status: 404, headers: { 'x-error-code': 'EntryNotFound' } },
    })
    await expect(fetchFiles(client, snapshot, ['config.json'])).rejects.toMatchObject({
      code: 'HUB_NOT_FOUND',
      message: expect.stringContaining('no such file'),
    })
  })

  test('is a gated repository: where its terms are, with a token and without', async () => {
    const { hub, client, withEnv } = await openTestHub({ token: TOKEN, hasAccepted: false })
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}' }, isGated: true })
    const snapshot = await openSnapshot(client, REPOSITORY, 'main')
    await expect(fetchFiles(client, snapshot, ['config.json'])).rejects.toMatchObject({
      code: 'HUB_UNAUTHORIZED',
      message: expect.stringContaining(`accept its terms at ${hub.url}/someone/model and set HF_TOKEN`),
    })
    await expect(fetchFiles(withEnv({ HF_TOKEN: TOKEN }), snapshot, ['config.json'])).rejects.toMatchObject({
      code: 'HUB_UNAUTHORIZED',
      message: expect.stringContaining('with the account of the token'),
    })
  })

  test('is a token that is wrong', async () => {
    const { withEnv } = await openRepository({ token: TOKEN })
    await expect(openSnapshot(withEnv({ HF_TOKEN: 'hf_old' }), REPOSITORY, 'main')).rejects.toMatchObject({
      code: 'HUB_UNAUTHORIZED',
      message: expect.stringContaining('it is wrong or expired'),
    })
  })

  test('is everything else by its status', async () => {
    const { client, hub } = await openRepository()
    hub.addFault({ match: API, fault: { kind: 'status', status: 403 } })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({ code: 'HUB_UNAUTHORIZED' })
    hub.addFault({ match: API, fault: { kind: 'status', status: 418 } })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({
      code: 'HUB_RESPONSE_INVALID',
      message: expect.stringContaining('answers 418'),
    })
  })
})

describe('the token', () => {
  test('is in no error and no notice, even if the server repeats it', async () => {
    const { hub, withEnv, notices } = await openRepository({ token: TOKEN })
    const client = withEnv({ HF_TOKEN: TOKEN })
    const headers = { 'x-error-message': `Your token ${TOKEN} is not welcome`, 'retry-after': '1' }
    const errors: Error[] = []
    for (const status of [400, 401, 403, 404, 429, 500]) {
      hub.addFault({ match: API, fault: { kind: 'status', status, headers }, times: 5 })
      errors.push(await errorOf(openSnapshot(client, REPOSITORY, 'v1')))
    }
    await hub.close()
    errors.push(await errorOf(openSnapshot(client, REPOSITORY, 'v1')))
    expect(errors.map(({ message }) => message)).not.toContain('nothing was refused')
    expect(inspect([errors, notices], { depth: 20, showHidden: true })).not.toContain(TOKEN)
  })

  test('goes to no other host and no other port, wherever a redirect leads', async () => {
    const seen: (string | undefined)[] = []
    const other = await listen(
      createServer((request, response) => {
        seen.push(request.headers.authorization)
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      }),
    )
    const { hub, withEnv } = await openRepository({ token: TOKEN })
    const client = withEnv({ HF_TOKEN: TOKEN })
    hub.addFault({ match: API, fault: { kind: 'status', status: 302, headers: { location: `${other.url}/x` } } })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({ code: 'HUB_RESPONSE_INVALID' })
    expect(seen).toEqual([undefined])
    other.server.close()
  })

  test('stays with the endpoint through a rename', async () => {
    const { hub, withEnv } = await openTestHub({ token: TOKEN })
    hub.add({ name: REPOSITORY.name, files: { 'config.json': '{}' }, isPrivate: true })
    hub.rename('someone/former', 'someone/model')
    const client = withEnv({ HF_TOKEN: TOKEN })
    const snapshot = await openSnapshot(client, { type: 'model', name: 'someone/former' }, 'main')
    await fetchFiles(client, snapshot, ['config.json'])
    expect(hub.requests.filter(({ isAuthorized }) => !isAuthorized)).toEqual([])
  })

  test.each(['hf_a b', 'hf_ä', 'hf_a\nb'])(
    'with characters that none has is refused without being repeated',
    async (token) => {
      const { withEnv } = await openRepository()
      const error = await errorOf((async () => withEnv({ HF_TOKEN: token }))())
      expect(error).toMatchObject({ code: 'HUB_SETTING_INVALID' })
      expect(error.message).not.toContain(token)
    },
  )
})

describe('a redirect', () => {
  test.each([
    ['in circles', '/api/models/someone/model/revision/main', 'again and again'],
    ['to no address', 'http://', 'no address that can be used'],
    ['to a file', 'file:///etc/passwd', 'no address that can be used'],
  ])('%s is refused', async (_, location, message) => {
    const { client, hub } = await openRepository()
    hub.addFault({ match: API, fault: { kind: 'status', status: 307, headers: { location } }, times: 100 })
    await expect(openSnapshot(client, REPOSITORY, 'main')).rejects.toMatchObject({
      code: 'HUB_RESPONSE_INVALID',
      message: expect.stringContaining(message),
    })
  })
})

async function listen(server: Server): Promise<{ readonly server: Server; readonly url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
