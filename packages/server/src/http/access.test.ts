// Who may ask, from where, for what.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createKey, revokeKey } from '../auth/keys.ts'
import { openTestApp, type TestOptions, type TestServer } from '../test-support.ts'
import { isLoopbackAddress, readHostName } from './hosts.ts'

const servers: TestServer[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) await server.close()
})

/** The clock of the limits stands still until it is set. */
function stopClock(): void {
  vi.useFakeTimers({ toFake: ['Date'] })
}

async function open(options: TestOptions = {}): Promise<TestServer> {
  const server = await openTestApp(options)
  servers.push(server)
  return server
}

interface Asked {
  readonly status: number
  readonly code: string | undefined
  readonly headers: Record<string, unknown>
  readonly json: Record<string, unknown>
}

async function ask(
  server: TestServer,
  method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PUT',
  url: string,
  headers: Record<string, string> = {},
  payload?: object,
): Promise<Asked> {
  const answer = await server.app.inject({
    method,
    url,
    headers: { host: '127.0.0.1:8000', ...headers },
    ...(payload === undefined ? {} : { payload }),
  })
  const isJson = /json/.test(String(answer.headers['content-type']))
  const json = isJson && answer.body !== '' ? answer.json() : {}
  return { status: answer.statusCode, code: json.code, headers: answer.headers, json }
}

describe('the Host header', () => {
  test.each([
    'localhost',
    'LOCALHOST:8000',
    'localhost.',
    'localhost.:8000',
    '127.0.0.1',
    '127.0.0.1:8000',
    '127.9.9.9',
    '[::1]',
    '[::1]:8000',
    '[0:0:0:0:0:0:0:1]:8000',
    '[::ffff:127.0.0.1]',
  ])('%s names this machine', async (host) => {
    expect(await ask(await open(), 'GET', '/api/v1/model', { host })).toMatchObject({ status: 200 })
  })

  test.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:8000',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '[::2]',
    'localhost@evil.example',
    'evil@localhost',
    'localhost/evil',
    '::1',
    'a b',
    '0.0.0.0',
  ])('%j does not: 421, on every route', async (host) => {
    const server = await open()
    for (const url of ['/api/v1/model', '/', '/health/live', '/nowhere']) {
      expect(await ask(server, 'GET', url, { host })).toMatchObject({ status: 421, code: 'HOST_REFUSED' })
    }
  })

  test('an allowed name is answered, whatever its case and port', async () => {
    const server = await open({ config: { allowedHosts: 'renown.example' } })
    expect(await ask(server, 'GET', '/api/v1/model', { host: 'Renown.Example.:80' })).toMatchObject({ status: 200 })
    expect(await ask(server, 'GET', '/api/v1/model', { host: 'other.example' })).toMatchObject({ status: 421 })
  })

  test('is read in one spelling', () => {
    expect(readHostName('[2001:DB8::1]:80')).toBe('2001:db8::1')
    expect(readHostName('127.1')).toBe('127.0.0.1')
    expect(readHostName(undefined)).toBeNull()
    expect(['127.0.0.1', 'localhost', '::1', '127.8.8.8'].every(isLoopbackAddress)).toBe(true)
    expect(['0.0.0.0', '::', '192.168.0.1', 'example.org', '', '128.0.0.1'].some(isLoopbackAddress)).toBe(false)
  })
})

describe('a loopback address', () => {
  test('needs no credentials', async () => {
    const server = await open()
    expect(await ask(server, 'POST', '/predict', {}, { text: 'good' })).toMatchObject({ status: 200 })
    expect(await ask(server, 'GET', '/metrics')).toMatchObject({ status: 200 })
    expect((await ask(server, 'GET', '/api/v1/session')).json).toEqual({
      authenticated: false,
      required: false,
      scopes: ['read', 'write', 'deploy', 'admin'],
    })
  })

  test.each([
    { 'x-forwarded-for': '1.2.3.4' },
    { 'X-Forwarded-Proto': 'https' },
    { 'x-forwarded-host': 'localhost' },
    { forwarded: 'for=1.2.3.4' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '1.2.3.4' },
  ])('a request that a proxy forwarded (%j) needs them', async (headers) => {
    const server = await open()
    expect(await ask(server, 'POST', '/predict', headers, { text: 'good' })).toMatchObject({
      status: 401,
      code: 'KEY_REQUIRED',
      headers: { 'www-authenticate': 'Bearer realm="renown"' },
    })
    expect((await ask(server, 'GET', '/api/v1/session', headers)).json).toMatchObject({ required: true, scopes: [] })
    const { key } = await createKey({ home: server.home, name: 'k', scopes: ['read'] })
    await expect
      .poll(
        async () => (await ask(server, 'GET', '/api/v1/model', { ...headers, authorization: `Bearer ${key}` })).status,
      )
      .toBe(200)
  })

  test('wrong credentials are refused all the same', async () => {
    const server = await open()
    for (const authorization of ['Bearer rk_nonsense', 'Basic abc', 'Bearer', 'rk_x', 'Bearer a b']) {
      const answer = await ask(server, 'GET', '/api/v1/model', { authorization })
      expect([authorization, answer.status, answer.code]).toEqual([authorization, 401, 'KEY_INVALID'])
    }
  })
})

describe('another address', () => {
  const remote = { config: { host: '0.0.0.0' } }

  test('asks for a key everywhere but for the page, the login and health', async () => {
    const server = await open(remote)
    for (const url of ['/health/live', '/health/ready', '/api/v1/session', '/docs/errors']) {
      expect([url, (await ask(server, 'GET', url)).status]).toEqual([url, 200])
    }
    expect((await ask(server, 'GET', '/')).status).not.toBe(401)
    for (const url of [
      '/metrics',
      '/docs',
      '/docs/json',
      '/openapi.json',
      '/api/v1/model',
      '/api/v1/scorings',
      '/nowhere',
    ]) {
      expect([url, (await ask(server, 'GET', url)).code]).toEqual([url, 'KEY_REQUIRED'])
    }
    expect(await ask(server, 'POST', '/predict', {}, { text: 'a' })).toMatchObject({ code: 'KEY_REQUIRED' })
    expect(await ask(server, 'POST', '/api/v1/scorings')).toMatchObject({ code: 'KEY_REQUIRED' })
  })

  test('a scope covers what it says', async () => {
    const server = await open(remote)
    const bearer = async (scope: 'read' | 'write' | 'admin'): Promise<Record<string, string>> => {
      const { key } = await createKey({ home: server.home, name: scope, scopes: [scope] })
      return { authorization: `Bearer ${key}` }
    }
    const [read, write, admin] = [await bearer('read'), await bearer('write'), await bearer('admin')]
    for (const headers of [read, write, admin]) {
      expect(await ask(server, 'POST', '/predict', headers, { text: 'a' })).toMatchObject({ status: 200 })
      expect(await ask(server, 'GET', '/metrics', headers)).toMatchObject({ status: 200 })
    }
    expect(await ask(server, 'DELETE', '/api/v1/scorings/none', read)).toMatchObject({
      status: 403,
      code: 'SCOPE_MISSING',
    })
    expect(await ask(server, 'DELETE', '/api/v1/scorings/none', write)).toMatchObject({ status: 404 })
    expect(await ask(server, 'DELETE', '/api/v1/scorings/none', admin)).toMatchObject({ status: 404 })
  })

  test('any Host is answered, unless names are given', async () => {
    expect(await ask(await open(remote), 'GET', '/health/live', { host: 'renown.example' })).toMatchObject({
      status: 200,
    })
    const named = await open({ config: { host: '0.0.0.0', allowedHosts: 'renown.example' } })
    expect(await ask(named, 'GET', '/health/live', { host: 'evil.example' })).toMatchObject({ status: 421 })
  })

  test('wrong credentials are limited by address, right ones are not', async () => {
    const server = await open(remote)
    const { key } = await createKey({ home: server.home, name: 'k', scopes: ['read'] })
    await expect
      .poll(async () => (await ask(server, 'GET', '/api/v1/model', { authorization: `Bearer ${key}` })).status)
      .toBe(200)
    stopClock()
    const tryWrong = (): Promise<Asked> => ask(server, 'GET', '/api/v1/model', { authorization: 'Bearer rk_x' })
    for (let i = 0; i < 10; i++) expect(await tryWrong()).toMatchObject({ status: 401, code: 'KEY_INVALID' })
    expect(await tryWrong()).toMatchObject({ status: 429, code: 'RATE_LIMITED', headers: { 'retry-after': '50' } })
    expect(await ask(server, 'GET', '/api/v1/model', { authorization: `Bearer ${key}` })).toMatchObject({ status: 200 })
    vi.setSystemTime(Date.now() + 50_000)
    expect(await tryWrong()).toMatchObject({ status: 401 })
  })

  test('each key has its own rate', async () => {
    stopClock()
    const server = await open({ config: { host: '0.0.0.0', rateLimit: 2 } })
    const [a, b] = await Promise.all(['a', 'b'].map((name) => createKey({ home: server.home, name, scopes: ['read'] })))
    const get = (key: string | undefined): Promise<Asked> =>
      ask(server, 'GET', '/api/v1/model', { authorization: `Bearer ${key}` })
    expect([(await get(a?.key)).status, (await get(a?.key)).status]).toEqual([200, 200])
    expect(await get(a?.key)).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '1' },
    })
    expect((await get(b?.key)).status).toBe(200)
    vi.setSystemTime(Date.now() + 1000)
    expect((await get(a?.key)).status).toBe(200)
  })
})

describe('the login of the page', () => {
  async function logIn(server: TestServer, key: string, headers: Record<string, string> = {}): Promise<Asked> {
    return await ask(server, 'POST', '/api/v1/session', headers, { key })
  }

  test('exchanges a key for a cookie that scripts cannot read and other sites cannot send', async () => {
    const server = await open({ config: { host: '0.0.0.0' } })
    const { key, record } = await createKey({ home: server.home, name: 'k', scopes: ['write'] })
    const answer = await logIn(server, key)
    expect(answer.status).toBe(204)
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(/^renown_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/)
    const headers = { cookie: cookie.split(';')[0] ?? '' }
    expect((await ask(server, 'GET', '/api/v1/session', headers)).json).toEqual({
      authenticated: true,
      required: true,
      scopes: ['read', 'write'],
    })
    expect(await ask(server, 'GET', '/api/v1/model', headers)).toMatchObject({ status: 200 })
    const among = { cookie: `a=1; ${headers.cookie}; b=%zz` }
    expect(await ask(server, 'GET', '/api/v1/model', among)).toMatchObject({ status: 200 })
    for (const wrong of ['renown_session=x', `x${headers.cookie}`, `${headers.cookie}A`]) {
      expect(await ask(server, 'GET', '/api/v1/model', { cookie: wrong })).toMatchObject({ code: 'KEY_REQUIRED' })
    }
    await revokeKey({ home: server.home, key: record.id })
    await expect.poll(async () => (await ask(server, 'GET', '/api/v1/model', headers)).status).toBe(401)
  })

  test('ends when asked to', async () => {
    const server = await open({ config: { host: '0.0.0.0' } })
    const { key } = await createKey({ home: server.home, name: 'k', scopes: ['read'] })
    const cookie = String((await logIn(server, key)).headers['set-cookie']).split(';')[0] ?? ''
    const out = await ask(server, 'DELETE', '/api/v1/session', { cookie })
    expect(out.status).toBe(204)
    expect(out.headers['set-cookie']).toContain('Max-Age=0')
    expect(await ask(server, 'GET', '/api/v1/model', { cookie })).toMatchObject({ status: 401 })
  })

  test('is Secure where a trusted proxy says https', async () => {
    const server = await open({ config: { host: '0.0.0.0', trustProxy: '127.0.0.1' } })
    const { key } = await createKey({ home: server.home, name: 'k', scopes: ['read'] })
    const answer = await logIn(server, key, { 'x-forwarded-proto': 'https' })
    expect(answer.headers['set-cookie']).toContain('; HttpOnly; Secure; SameSite=Strict')
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
    expect((await logIn(server, key)).headers).not.toHaveProperty('strict-transport-security')
  })

  test('is limited: after ten wrong keys not even the right one', async () => {
    stopClock()
    const server = await open({ config: { host: '0.0.0.0' } })
    const { key } = await createKey({ home: server.home, name: 'k', scopes: ['read'] })
    for (let i = 0; i < 10; i++)
      expect(await logIn(server, `rk_${i}`)).toMatchObject({ status: 401, code: 'KEY_INVALID' })
    expect(await logIn(server, key)).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
  })
})

describe('requests that pages elsewhere make a browser send', () => {
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:9999' },
    { origin: 'http://localhost:8000' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('%j change nothing', async (headers) => {
    const server = await open()
    expect(await ask(server, 'POST', '/predict', headers, { text: 'a' })).toMatchObject({
      status: 403,
      code: 'ORIGIN_REFUSED',
    })
    expect(await ask(server, 'DELETE', '/api/v1/scorings/x', headers)).toMatchObject({ code: 'ORIGIN_REFUSED' })
    const answer = await ask(server, 'GET', '/api/v1/model', headers)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  test.each([{ origin: 'http://127.0.0.1:8000', 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, {}])(
    '%j is our own page, or no page',
    async (headers) => {
      expect(await ask(await open(), 'POST', '/predict', headers, { text: 'a' })).toMatchObject({ status: 200 })
    },
  )

  test('an allowed origin is answered, preflight and all', async () => {
    const server = await open({ config: { corsOrigins: 'https://app.example' } })
    const origin = 'https://app.example'
    const preflight = await ask(server, 'OPTIONS', '/predict', { origin, 'access-control-request-method': 'POST' })
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': origin, vary: 'origin' } })
    const answer = await ask(server, 'POST', '/predict', { origin, 'sec-fetch-site': 'cross-site' }, { text: 'a' })
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } })
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    const other = await ask(server, 'OPTIONS', '/predict', {
      origin: 'https://b.example',
      'access-control-request-method': 'POST',
    })
    expect(other.status).toBe(405)
  })
})

describe('addresses and methods', () => {
  test('nothing there: 404', async () => {
    for (const url of [
      '/nowhere',
      '/api/v1',
      '/api/v2/model',
      '/predict/',
      '//predict',
      '/..%2f..%2fetc/passwd',
      '/assets/../x',
    ]) {
      const answer = await ask(await open(), 'GET', url)
      expect([url, answer.status, answer.code]).toEqual([url, 404, 'ROUTE_NOT_FOUND'])
    }
  })

  test.each([
    ['GET', '/predict', 'POST'],
    ['PUT', '/api/v1/scorings', 'GET, HEAD, POST'],
    ['POST', '/api/v1/scorings/abc', 'DELETE, GET, HEAD'],
    ['POST', '/health/live?x=1', 'GET, HEAD'],
    ['OPTIONS', '/predict', 'POST'],
  ] as const)('%s %s is not answered: %s is', async (method, url, allow) => {
    expect(await ask(await open(), method, url)).toMatchObject({
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
      headers: { allow },
    })
  })

  test('broken percent-encoding and long parameters are refused', async () => {
    const server = await open()
    expect(await ask(server, 'GET', '/api/v1/scorings/%zz')).toMatchObject({ status: 400, code: 'INVALID_REQUEST' })
    expect(await ask(server, 'GET', `/api/v1/scorings/${'a'.repeat(200)}`)).toMatchObject({
      status: 414,
      code: 'URL_TOO_LONG',
    })
  })

  test('every answer carries the headers that keep a browser in bounds, and the id of the request', async () => {
    const server = await open()
    for (const url of ['/api/v1/model', '/nowhere', '/docs', '/metrics', '/api/v1/scorings/%zz']) {
      const { headers } = await ask(server, 'GET', url)
      expect([url, headers]).toMatchObject([
        url,
        {
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
          'content-security-policy': expect.stringContaining("default-src 'none'"),
        },
      ])
    }
    expect((await ask(server, 'GET', '/health/live', { 'x-request-id': 'abc-1' })).headers['x-request-id']).toBe(
      'abc-1',
    )
    const odd = await ask(server, 'GET', '/health/live', { 'x-request-id': 'a b<c>' })
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f]{10}-\w+$/)
  })
})
