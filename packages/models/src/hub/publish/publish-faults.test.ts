// Tests of publishing through failures, cut connections and other publishers: main is the old model or the new one.
import { rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { removeTemporaryFolders } from '../../test-fixtures.ts'
import { openTestHub, stopStandIns, type TestHub, TOKEN } from '../test-hub.ts'
import type { HubStandIn } from '../testing/hub-stand-in.ts'
import { publishModel } from './publish-model.ts'
import { makeModel, makeNext, NAME, openWritableHub } from './test-publish.ts'

afterEach(stopStandIns)
afterEach(removeTemporaryFolders)

const GIVEN_UP = ['HUB_UNREACHABLE', 'HUB_RATE_LIMITED']

function contentsOf(hub: HubStandIn): Record<string, string> | null {
  const files = hub.inspect(NAME)?.files
  return files === undefined ? null : Object.fromEntries([...files].map(([path, file]) => [path, file.gitHash]))
}

/** What main holds after the model was published where nothing fails. */
async function contentsWithout(failures: (test: TestHub) => Promise<void>): Promise<ReturnType<typeof contentsOf>> {
  const test = await openWritableHub()
  await failures(test)
  return contentsOf(test.hub)
}

describe('with 30 % of all requests failing or cut', () => {
  test('a publication ends complete or with a clear error, and main is old or new', { timeout: 120_000 }, async () => {
    const model = await makeModel()
    const next = await makeNext(await makeModel(), '2')
    const before = await contentsWithout(async ({ client }) => {
      await publishModel(model, { to: NAME, hub: client })
    })
    const after = await contentsWithout(async ({ client }) => {
      await publishModel(model, { to: NAME, hub: client })
      await publishModel(next, { to: NAME, hub: client })
    })
    const outcomes = { complete: 0, refused: 0 }
    for (let seed = 1; seed <= 25; seed++) {
      const { hub, client } = await openWritableHub({ partBytes: 60_000 })
      await publishModel(model, { to: NAME, hub: client })
      expect(contentsOf(hub)).toEqual(before)
      hub.failAtRandom(0.3, seed)
      const error = await publishModel(next, { to: NAME, hub: client }).then(
        () => null,
        (cause: { readonly code: string }) => cause,
      )
      hub.failAtRandom(0, seed)
      if (error === null) {
        outcomes.complete++
        expect(contentsOf(hub)).toEqual(after)
        expect(hub.inspect(NAME, 'v2')?.commit).toBe(hub.inspect(NAME)?.commit)
      } else {
        outcomes.refused++
        expect(GIVEN_UP).toContain(error.code)
        expect([before, after]).toContainEqual(contentsOf(hub))
      }
      const again = await publishModel(next, { to: NAME, hub: client })
      expect(again.commit).toBe(hub.inspect(NAME)?.commit)
      expect(contentsOf(hub)).toEqual(after)
      await stopStandIns()
    }
    expect(outcomes.complete).toBeGreaterThan(outcomes.refused)
  })

  test('a first publication makes no half repository', { timeout: 120_000 }, async () => {
    const model = await makeModel()
    const after = await contentsWithout(async ({ client }) => {
      await publishModel(model, { to: NAME, hub: client })
    })
    for (let seed = 101; seed <= 112; seed++) {
      const { hub, client } = await openWritableHub({ partBytes: 60_000 })
      hub.failAtRandom(0.3, seed)
      const error = await publishModel(model, { to: NAME, hub: client }).then(
        () => null,
        (cause: { readonly code: string }) => cause,
      )
      const names = Object.keys(contentsOf(hub) ?? { '.gitattributes': '' })
      if (error === null) expect(contentsOf(hub)).toEqual(after)
      else expect(GIVEN_UP).toContain(error.code)
      if (error !== null && names.length > 1) expect(contentsOf(hub)).toEqual(after)
      await stopStandIns()
    }
  })
})

describe('a commit whose answer is lost', () => {
  test('is found, and not made twice', async () => {
    const { hub, withEnv } = await openWritableHub()
    const model = await makeModel()
    let lost = 0
    const client = withEnv(
      {},
      {
        fetch: async (url, init) => {
          const response = await fetch(url, init)
          if (!String(url).includes('/commit/') || lost++ > 0) return response
          await response.body?.cancel()
          throw new TypeError('fetch failed')
        },
      },
    )
    const published = await publishModel(model, { to: NAME, hub: client })
    expect(published.commit).toBe(hub.inspect(NAME)?.commit)
    expect(hub.requests.filter(({ url }) => url.includes('/commit/'))).toHaveLength(1)
  })

  test('is said to be unknown where the Hub is gone afterwards', async () => {
    const { hub, withEnv } = await openWritableHub()
    const model = await makeModel()
    const client = withEnv(
      {},
      {
        attempts: 2,
        fetch: async (url, init) => {
          const response = await fetch(url, init)
          if (!String(url).includes('/commit')) return response
          throw new TypeError('fetch failed')
        },
      },
    )
    await expect(publishModel(model, { to: NAME, hub: client })).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      message: expect.stringContaining('publish again'),
    })
    expect(await publishModel(model, { to: NAME, hub: withEnv({}) })).toMatchObject({
      isCommitted: false,
      tag: 'v1.0.0',
    })
    expect(hub.inspect(NAME, 'v1.0.0')?.commit).toBe(hub.inspect(NAME)?.commit)
  })
})

describe('two publishers at once', () => {
  test.each([409, 412] as const)('are told apart by the parent, answered with %i', async (staleStatus) => {
    const { hub, client } = await openWritableHub({ staleStatus })
    const model = await makeModel()
    const first = await publishModel(model, { to: NAME, hub: client })
    const models = [await makeNext(await makeModel(), '2'), await makeNext(await makeModel(), '3')]
    const results = await Promise.allSettled(models.map((next) => publishModel(next, { to: NAME, hub: client })))
    const head = hub.inspect(NAME)?.commit
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.commit] : []))
    expect(won).toEqual([head])
    expect(lost).toEqual([expect.objectContaining({ code: 'HUB_CONFLICT' })])
    expect(lost[0].message).toContain(`main was at ${first.commit} and is at ${head} now; nothing was published`)
    expect([hub.inspect(NAME, 'v2'), hub.inspect(NAME, 'v3')].filter((tag) => tag !== null)).toHaveLength(1)
  })

  test('of the same model both succeed with one commit', async () => {
    const { hub, client } = await openWritableHub()
    await publishModel(await makeModel(), { to: NAME, hub: client })
    const next = await makeNext(await makeModel(), '2')
    const both = await Promise.all([1, 2].map(() => publishModel(next, { to: NAME, hub: client })))
    expect(both.map(({ commit }) => commit)).toEqual(Array(2).fill(hub.inspect(NAME)?.commit))
    expect(hub.inspect(NAME, 'v2')?.commit).toBe(hub.inspect(NAME)?.commit)
  })

  test('of which one makes the repository first do not fail for that', async () => {
    const { hub, client } = await openWritableHub()
    const models = await Promise.all(['2', '3'].map(async (version) => makeNext(await makeModel(), version)))
    const results = await Promise.allSettled(models.map((model) => publishModel(model, { to: NAME, hub: client })))
    // Whether they meet is chance: the one that is slower is refused, or comes after the other.
    expect(results.map(({ status }) => status)).toContain('fulfilled')
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'HUB_CONFLICT' })
    }
    expect(Object.keys(contentsOf(hub) ?? {})).toContain('model.safetensors')
  })
})

describe('the storage', () => {
  test('whose address has expired is asked for another', async () => {
    const { hub, client } = await openWritableHub()
    hub.addFault({ match: /^cdn\/upload/, fault: { kind: 'status', status: 403 } })
    await publishModel(await makeModel(), { to: NAME, hub: client })
    expect(hub.requests.filter(({ url }) => url.endsWith('/objects/batch'))).toHaveLength(2)
  })

  test('that refuses on and on is given up with a clear error', async () => {
    const { hub, client } = await openWritableHub()
    hub.addFault({ match: /^cdn\/upload/, fault: { kind: 'status', status: 403 }, times: 100 })
    await expect(publishModel(await makeModel(), { to: NAME, hub: client })).rejects.toMatchObject({
      code: 'HUB_RESPONSE_INVALID',
      message: expect.stringMatching(/storage answers 403 for model.safetensors \(tried 5 times\)/),
    })
    expect(Object.keys(contentsOf(hub) ?? {})).toEqual(['.gitattributes'])
  })

  test('that is busy is waited for as long as it asks', async () => {
    const { hub, client, waits } = await openWritableHub()
    const headers = { 'retry-after': '9' }
    hub.addFault({ match: /^cdn\/upload/, fault: { kind: 'status', status: 429, headers } })
    await publishModel(await makeModel(), { to: NAME, hub: client })
    expect(waits).toEqual([9250])
  })

  test.each([
    ['an address of a file', { href: 'file:///etc/passwd' }],
    ['no address', {}],
    ['too few parts', { href: 'http://127.0.0.1:9/x', header: { chunk_size: '10', '00001': 'http://127.0.0.1:9/1' } }],
    ['parts of no size', { href: 'http://127.0.0.1:9/x', header: { chunk_size: '0' } }],
  ])('with %s is no storage', async (_, upload) => {
    const { hub, client } = await openWritableHub()
    const model = await makeModel()
    const oid = model.manifest.files['model.safetensors']?.sha256
    const body = JSON.stringify({ objects: [{ oid, actions: { upload } }] })
    hub.addFault({ match: /objects\/batch/, fault: { kind: 'status', status: 200, body } })
    await expect(publishModel(model, { to: NAME, hub: client })).rejects.toMatchObject({ code: 'HUB_RESPONSE_INVALID' })
  })
})

test('a tag that can not be set is told with the commit that stands, and set by publishing again', async () => {
  const { hub, client } = await openWritableHub()
  const model = await makeModel()
  hub.addFault({ match: /\/tag\//, fault: { kind: 'status', status: 500 }, times: 5 })
  const error = await publishModel(model, { to: NAME, hub: client }).catch((cause: Error) => cause)
  const commit = hub.inspect(NAME)?.commit
  expect(error).toMatchObject({
    code: 'HUB_UNREACHABLE',
    message: expect.stringContaining(`is published as ${commit}, but not tagged v1.0.0`),
  })
  await publishModel(model, { to: NAME, hub: client })
  expect(hub.inspect(NAME, 'v1.0.0')?.commit).toBe(commit)
})

describe('a file', () => {
  test.each([
    ['that vanishes', 'MODEL_FILE_MISSING', async (path: string) => await rm(path)],
    ['that becomes shorter', 'MODEL_HASH_MISMATCH', async (path: string) => await truncate(path, 1000)],
  ])('%s on the way is told, and nothing is published', async (_, code, change) => {
    const { hub, withEnv, waits } = await openWritableHub()
    const model = await makeModel()
    const client = withEnv(
      {},
      {
        fetch: async (url, init) => {
          const response = await fetch(url, init)
          if (String(url).endsWith('/objects/batch')) await change(join(model.path, 'model.safetensors'))
          return response
        },
      },
    )
    await expect(publishModel(model, { to: NAME, hub: client })).rejects.toMatchObject({ code })
    expect(waits).toEqual([])
    expect(Object.keys(contentsOf(hub) ?? {})).toEqual(['.gitattributes'])
  })
})

describe('a redirect', () => {
  test('with 307 or 308 is followed with the body', async () => {
    const { hub, client } = await openWritableHub()
    const location = `${hub.url}/api/models/${NAME}/preupload/main?again`
    hub.addFault({ match: /preupload\/main$/, fault: { kind: 'status', status: 307, headers: { location } } })
    await publishModel(await makeModel(), { to: NAME, hub: client })
    expect(Object.keys(contentsOf(hub) ?? {})).toContain('model.safetensors')
  })

  test('that would turn a POST into a GET is refused', async () => {
    const { hub, client } = await openWritableHub()
    const headers = { location: `${hub.url}/elsewhere` }
    hub.addFault({ match: /preupload/, fault: { kind: 'status', status: 302, headers } })
    await expect(publishModel(await makeModel(), { to: NAME, hub: client })).rejects.toMatchObject({
      code: 'HUB_RESPONSE_INVALID',
      message: expect.stringContaining('with 302, which no POST may follow'),
    })
  })
})

test.each([401, 403, 404, 400, 500, 503])('an answer of %i at any call is an error with a code', async (status) => {
  const model = await makeModel()
  const calls = [/revision\/main/, /repos\/create/, /preupload/, /objects\/batch/, /commit\/main/, /tag\//, /tree\//]
  const codes: unknown[] = []
  for (const match of calls) {
    const { hub, client } = await openWritableHub()
    hub.addFault({ match, fault: { kind: 'status', status }, times: 100 })
    const error = await publishModel(model, { to: NAME, hub: client }).catch((cause: unknown) => cause)
    codes.push((error as { code?: unknown }).code)
    const names = Object.keys(contentsOf(hub) ?? {})
    expect(names.length === 0 || names.length === 1 || names.includes('model.safetensors')).toBe(true)
    await stopStandIns()
  }
  expect(codes.filter((code) => typeof code !== 'string' || !code.startsWith('HUB_'))).toEqual([])
})

test('publishing stops when it is told to, and nothing is published', async () => {
  const { hub, client } = await openTestHub({ token: TOKEN }, { HF_TOKEN: TOKEN })
  const controller = new AbortController()
  const { signal } = controller
  const model = await makeModel()
  const onProgress = (): void => controller.abort(new Error('enough'))
  await expect(publishModel(model, { to: NAME, hub: client, signal, onProgress })).rejects.toThrow('enough')
  expect(Object.keys(contentsOf(hub) ?? {})).toEqual(['.gitattributes'])
  await rm(model.path, { recursive: true })
})
