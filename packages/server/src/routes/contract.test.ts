// Every route answers what the document says it answers: status, content type and body, in success and in error.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { API_ERROR_CODES, type ApiErrorCode, COMPONENTS } from '@renown/contract'
import { EngineError } from '@renown/inference'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKey } from '../auth/keys.ts'
import { makeTexts, makeWatchedModel } from '../drift/test-watched.ts'
import { ServerError } from '../errors.ts'
import { makeTestModel } from '../registry/test-models.ts'
import { multipart, openTestApp, type TestServer } from '../test-support.ts'

interface Media {
  readonly schema?: { readonly $ref?: string; readonly type?: string }
}

interface Spec {
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, { readonly content?: Record<string, Media> }> }>
  >
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
for (const component of COMPONENTS) ajv.addSchema(component, component.$id)

let open: TestServer
let guarded: TestServer
let spec: Spec
let key: string
const answered = new Set<string>()
const codes = new Set<string>()

beforeAll(async () => {
  open = await openTestApp({
    config: { batchLimit: 3, bodyLimit: '4kb', textLimit: 100, uploadLimit: '8kb', requestDeadline: 300 },
  })
  guarded = await openTestApp({ config: { host: '0.0.0.0', rateLimit: 3 }, now: () => 1_000_000 })
  key = (await createKey({ home: guarded.home, name: 'reader', scopes: ['read'] })).key
  spec = (await open.app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).json()
})
afterAll(async () => {
  await open.close()
  await guarded.close()
})

type Method = 'GET' | 'POST' | 'DELETE'

interface Sent {
  readonly headers?: Record<string, string>
  readonly payload?: object | string | Buffer
  readonly server?: TestServer
  /** The report of a version. */
  readonly report?: string
}

/** Sends, and holds the answer against the document. */
async function send(
  method: Method,
  template: string,
  id: string | null,
  sent: Sent = {},
): Promise<{ status: number; json: Record<string, unknown> }> {
  const [path = '', query = ''] = template.split('?')
  const url = `${path.replace('{report}', sent.report ?? '').replace(/\{\w+\}/, id ?? '')}${query === '' ? '' : `?${query}`}`
  const answer = await (sent.server ?? open).app.inject({
    method,
    url,
    headers: { host: 'localhost', ...sent.headers },
    ...(sent.payload === undefined ? {} : { payload: sent.payload }),
  })
  const what = `${method} ${path} ${answer.statusCode}`
  const documented = spec.paths[path]?.[method.toLowerCase()]?.responses[String(answer.statusCode)]
  expect(documented, `${what} is documented`).toBeDefined()
  const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
  const media = documented?.content?.[type]
  if (answer.body === '') expect(documented?.content, what).toBeUndefined()
  else expect(media, `${what} as ${type} is documented`).toBeDefined()
  const name = media?.schema?.$ref?.split('/').at(-1)
  const json = /json$/.test(type) && !type.includes('ndjson') ? answer.json() : {}
  if (name !== undefined) expect([what, ajv.validate(name, json), ajv.errors]).toEqual([what, true, null])
  if (type === 'application/problem+json') {
    expect(json.status).toBe(answer.statusCode)
    expect(API_ERROR_CODES[json.code as ApiErrorCode]?.status).toBe(answer.statusCode)
    codes.add(String(json.code))
  }
  answered.add(`${method} ${path} ${answer.statusCode < 300 ? 'success' : 'error'}`)
  return { status: answer.statusCode, json }
}

const ID = '/api/v1/scorings/{id}'

async function upload(
  content: string,
  query = '',
  fields: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  return (await send('POST', `/api/v1/scorings${query}`, null, multipart(content, 'posts.csv', fields))).json
}

test('predictions', async () => {
  const post = async (payload: object | string, headers: Record<string, string> = {}): Promise<unknown> =>
    await send('POST', '/predict', null, { payload, headers: { 'content-type': 'application/json', ...headers } })
  await post({ text: 'great' })
  for (const text of ['', 'x'.repeat(101), 'unreadable', 5]) await post({ text })
  await post('{')
  await post('x'.repeat(5000))
  await post('a', { 'content-type': 'text/plain' })
  await post({ text: 'a' }, { origin: 'https://evil.example' })
  await post({ text: 'a' }, { host: 'evil.example' })
  await post({ text: 'a' }, { via: 'proxy' })
  await post({ text: 'a' }, { authorization: 'Bearer no' })
  const failures = ['OVERLOADED', 'DEADLINE_EXCEEDED', 'CLOSED', 'WORKER_FAILED', 'MODEL_LOAD_FAILED'] as const
  for (const code of failures) {
    open.engine.failure = new EngineError(code, 'no', { retryAfterSeconds: 1 })
    await post({ text: 'a' })
    await send('POST', '/predict/batch', null, { payload: { texts: ['a'] } })
  }
  open.engine.failure = new Error('no')
  await post({ text: 'a' })
  open.engine.failure = null
  await send('POST', '/predict/batch', null, { payload: { texts: ['great', '', 'unreadable'] } })
  await send('POST', '/predict/batch', null, { payload: { texts: ['a', 'b', 'c', 'd'] } })
  await send('POST', '/predict/batch', null, { payload: { texts: [] } })
})

test('model, health, metrics and the document', async () => {
  for (const path of ['/api/v1/model', '/health/live', '/health/ready', '/metrics', '/openapi.json']) {
    await send('GET', path, null)
    await send('GET', path, null, { headers: { host: 'evil.example' } })
  }
  open.engine.ready = false
  expect((await send('GET', '/health/ready', null)).status).toBe(503)
  await send('POST', '/predict', null, { payload: { text: 'a' } })
  open.engine.ready = true
})

test('drift and the texts to label', async () => {
  const folder = await makeWatchedModel(open.home)
  const server = await openTestApp({ folder, config: { labelSample: 'on' } })
  const labels = '/api/v1/drift/labels'
  for (const path of ['/api/v1/drift', '/api/v1/drift/texts']) {
    await send('GET', path, null)
    await send('GET', path, null, { headers: { host: 'evil.example' } })
  }
  await send('GET', '/api/v1/drift', null, { server })
  await send('POST', '/predict/batch', null, { server, payload: { texts: makeTexts('bread', 300, 3) } })
  await send('GET', '/api/v1/drift', null, { server })
  const { json } = await send('GET', '/api/v1/drift/texts', null, { server })
  const [text] = json.texts as { id: string }[]
  const payload = { id: text?.id, label: 'neutral' }
  expect((await send('POST', labels, null, { server, payload })).status).toBe(204)
  expect((await send('POST', labels, null, { server, payload })).status).toBe(404)
  expect((await send('POST', labels, null, { server, payload: { ...payload, label: 'angry' } })).status).toBe(422)
  await server.close()
})

test('scorings', async () => {
  const done = await upload('date,text\n2026-01-01,great day\n,\n2026-01-02,bad day\n')
  const id = String(done.id)
  await expect.poll(async () => (await send('GET', ID, id)).json.status).toBe('done')
  await send('GET', '/api/v1/scorings', null)
  for (const path of ['events', 'posts', 'results', 'rejects']) {
    await send('GET', `${ID}/${path}`, id)
    await send('GET', `${ID}/${path}`, 'none')
  }
  await send('GET', `${ID}/results?format=jsonl`, id)
  await send('GET', `${ID}/results?format=exe`, id)
  await send('GET', `${ID}/posts?cursor=x`, id)
  await send('GET', ID, 'none')
  const payload = { columns: { text: 'text' } }
  await send('POST', `${ID}/start`, id, { payload })
  await send('POST', `${ID}/start`, 'none', { payload })
  await send('POST', `${ID}/cancel`, id)
  const waiting = String((await upload('text\ngreat day\n', '?start=manual')).id)
  await send('GET', `${ID}/results`, waiting)
  await send('POST', `${ID}/start`, waiting, { payload: { columns: { text: 'none' } } })
  await send('POST', `${ID}/start`, waiting, { payload: {} })
  await send('POST', `${ID}/start`, waiting, { payload })
  const cancelled = String((await upload('text\ngreat day\n', '?start=manual')).id)
  await send('POST', `${ID}/cancel`, cancelled)
  await send('DELETE', ID, cancelled)
  await send('DELETE', ID, cancelled)
})

const REGISTRY = '/api/v1/registry'

test('the registry', async () => {
  await makeTestModel(open.home, { name: 'one', version: '1', recall: 0.7, gate: {}, papers: { 'gate.html': '<p>' } })
  await makeTestModel(open.home, { name: 'two', version: '2' })
  const post = async (path: string, payload: object | undefined, id: string | null = null): Promise<number> =>
    (await send('POST', `${REGISTRY}${path}`, id, payload === undefined ? {} : { payload })).status
  const ended = async (): Promise<void> =>
    await expect
      .poll(
        async () => {
          const { task } = (await send('GET', REGISTRY, null)).json as { task: { id: string; status: string } | null }
          return task === null ? null : (await send('GET', `${REGISTRY}/tasks/{id}`, task.id)).json.status
        },
        { timeout: 60_000 },
      )
      .not.toBe('running')
  await send('GET', REGISTRY, null, { headers: { host: 'evil.example' } })
  await send('GET', `${REGISTRY}/tasks/{id}`, 'none')
  for (const reference of ['one', 'two']) {
    expect(await post('/versions', { reference, reason: 'x' })).toBe(202)
    await ended()
  }
  await post('/versions', { reference: '/etc', reason: 'x' })
  expect([await post('/verify', undefined), await post('/verify', undefined)]).toContain(202)
  await ended()
  await send('POST', `${REGISTRY}/verify`, null, { headers: { origin: 'https://evil.example' } })
  await registryReads()
  const promote = '/aliases/{alias}/promote'
  const rollback = '/aliases/{alias}/rollback'
  await post(rollback, { reason: 'x' }, 'champion')
  await post(promote, { version: 'v1', reason: 'x' }, 'champion')
  await post(rollback, { reason: 'x' }, 'champion')
  await post(promote, { version: 'v2', reason: 'x', expect: null, without_gate: true }, 'champion')
  await post(promote, { version: 'v2', reason: 'x' }, 'latest')
  expect(await post(promote, { version: 'v2', reason: 'x' }, 'champion')).toBe(409)
  await post(promote, { version: 'v2', reason: 'x', without_gate: true }, 'champion')
  expect(await post(rollback, { reason: 'x' }, 'champion')).toBe(200)
  await makeTestModel(open.home, { name: 'three', version: '3' })
  await post('/versions', { reference: 'three', reason: 'x' })
  await ended()
  await post(promote, { version: 'v3', reason: 'x' }, 'challenger')
  await post('/prune', { dry_run: 5 })
  await post('/prune', { dry_run: true })
})

async function registryReads(): Promise<void> {
  for (const version of ['v1', 'v9', 'nobody', 'V']) {
    await send('GET', `${REGISTRY}/versions/{version}`, version)
    for (const report of ['gate.json', 'gate.html', 'report.html'])
      await send('GET', `${REGISTRY}/versions/{version}/reports/{report}`, version, { report })
  }
  await send('GET', `${REGISTRY}/comparison?one=v1&other=v2`, null)
  await send('GET', `${REGISTRY}/comparison?one=v1`, null)
  await send('GET', `${REGISTRY}/aliases/{alias}/history`, 'champion')
  await send('GET', `${REGISTRY}/aliases/{alias}/history?at=x`, 'champion')
  await send('GET', `${REGISTRY}/events`, null)
  await send('GET', `${REGISTRY}/events?limit=0`, null)
}

test('versions that were pruned, that serve, or whose registry is damaged', async () => {
  const server = await openTestApp({ now: () => Date.now() + 40 * 86_400_000 })
  const post = async (path: string, payload: object): Promise<number> =>
    (await send('POST', `${REGISTRY}${path}`, null, { payload, server })).status
  await makeTestModel(server.home, { name: 'one', version: '1' })
  await server.context.models.add(join(server.home, 'models', 'one'), { who: 'ada', why: 'x' })
  const { state } = server.deployment
  server.deployment.state = { ...state, serving: { ...state.serving, reference: 'v1' } }
  expect(await post('/prune', { keep: 0, days: 0 })).toBe(409)
  server.deployment.state = state
  expect(await post('/prune', { keep: 0, days: 0 })).toBe(200)
  expect((await send('GET', `${REGISTRY}/versions/{version}`, 'v1', { server })).status).toBe(410)
  const log = join(server.home, 'models', '.registry', 'log')
  await writeFile(join(log, '00000001', 'event.json'), 'no')
  const fresh = await openTestApp({ home: server.home })
  expect((await send('GET', REGISTRY, null, { server: fresh })).status).toBe(500)
  await fresh.close()
  await server.close()
})

test('the deployment', async () => {
  const path = '/api/v1/deployment'
  await send('GET', path, null)
  await send('GET', path, null, { headers: { host: 'evil.example' } })
  await send('POST', `${path}/check`, null)
  await send('POST', `${path}/check`, null, { headers: { origin: 'https://evil.example' } })
  await send('POST', `${path}/rollback`, null, { payload: { reason: 'x' } })
  await send('POST', `${path}/rollback`, null, { payload: {} })
  await send('POST', `${path}/allow`, null, { payload: { reference: 'v1' } })
  open.deployment.allow = async () => {
    throw new ServerError('VERSION_NOT_REFUSED', 'no')
  }
  expect((await send('POST', `${path}/allow`, null, { payload: { reference: 'v9' } })).status).toBe(404)
})

test('uploads that are refused', async () => {
  await upload('')
  await upload('text\ngreat\n', '', { text_column: 'none' })
  await upload('text\ngreat\n', '?start=soon')
  await upload(`text\n${'great\n'.repeat(2000)}`)
  await send('POST', '/api/v1/scorings', null, { payload: {} })
  await send('POST', '/api/v1/scorings', null, {
    payload: 'x',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  })
})

test('sessions and scopes', async () => {
  const server = guarded
  const bearer = { authorization: `Bearer ${key}` }
  await send('GET', '/api/v1/session', null)
  await send('GET', '/api/v1/session', null, { server, headers: { authorization: 'Bearer no' } })
  await send('POST', '/api/v1/session', null, { server, payload: { key } })
  await send('POST', '/api/v1/session', null, { server, payload: { key: 'no' } })
  await send('POST', '/api/v1/session', null, { server, payload: {} })
  await send('DELETE', '/api/v1/session', null, { server })
  await send('DELETE', '/api/v1/session', null, { server, headers: { origin: 'https://evil.example' } })
  await send('GET', '/api/v1/model', null, { server })
  await send('DELETE', ID, 'none', { server, headers: bearer })
  for (let i = 0; i < 4; i++) await send('GET', '/api/v1/model', null, { server, headers: bearer })
})

test('while stopping', async () => {
  guarded.context.stop()
  await send('GET', '/api/v1/model', null, { server: guarded })
})

test('every operation was tried in success and in error, and nearly every code was seen', () => {
  for (const [path, operations] of Object.entries(spec.paths)) {
    for (const method of Object.keys(operations)) {
      for (const kind of ['success', 'error']) {
        if (path === '/api/v1/scorings' && method === 'get' && kind === 'error') continue
        expect([...answered]).toContain(`${method.toUpperCase()} ${path} ${kind}`)
      }
    }
  }
  const elsewhere: readonly ApiErrorCode[] = [
    // On sockets: see start-server.test.ts. At the router: access.test.ts. Of jobs, and with full disks and tables: scorings.
    'INVALID_REQUEST',
    'ROUTE_NOT_FOUND',
    'METHOD_NOT_ALLOWED',
    'REQUEST_TIMEOUT',
    'URL_TOO_LONG',
    'EXPECTATION_FAILED',
    'HEADERS_TOO_LARGE',
    'SCORINGS_FULL',
    'SCORING_FAILED',
    'SCORING_INTERRUPTED',
    'DISK_FULL',
    // With a folder that can't be written: see the tests of the registry in packages/models.
    'REGISTRY_UNUSABLE',
  ]
  const unseen = Object.keys(API_ERROR_CODES).filter((code) => !codes.has(code))
  expect(unseen.filter((code) => !elsewhere.some((known) => known === code))).toEqual([])
})
