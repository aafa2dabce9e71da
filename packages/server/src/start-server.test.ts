// The whole server on real sockets: broken bytes, deadlines, starting, stopping, the log.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createKey } from './auth/keys.ts'
import { type ListeningServer, openTestServer, type TestOptions } from './test-support.ts'

const servers: ListeningServer[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) await server.close()
})

async function open(options: TestOptions = {}): Promise<ListeningServer> {
  const server = await openTestServer(options)
  servers.push(server)
  return server
}

/** A connection that is spoken to byte by byte. */
async function dial(
  server: ListeningServer,
): Promise<{ socket: Socket; received: () => string; ended: Promise<void> }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  sockets.push(socket)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()).once('error', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return { socket, received: () => text, ended }
}

interface Raw {
  readonly status: number
  readonly headers: string
  readonly body: { code?: string; status?: number }
}

function parseRaw(text: string): Raw {
  const [headers = '', body = ''] = text.split('\r\n\r\n')
  const json = /content-type: application\/(problem\+)?json/i.test(headers) ? JSON.parse(body) : {}
  return { status: Number(headers.split(' ')[1]), headers: headers.toLowerCase(), body: json }
}

async function send(server: ListeningServer, bytes: string | Buffer): Promise<Raw> {
  const { socket, received, ended } = await dial(server)
  socket.write(bytes)
  await Promise.race([ended, expect.poll(received, { timeout: 5000 }).toMatch(/\r\n\r\n[\s\S]*[}\n]$/)])
  return parseRaw(received())
}

async function metrics(server: ListeningServer): Promise<string> {
  return await (await fetch(`${server.url}/metrics`)).text()
}

function request(body: string, headers = ''): string {
  return `POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`
}

describe('bytes on the socket', () => {
  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['a broken header', 'GET / HTTP/1.1\r\nhost localhost\r\n\r\n', 400, 'INVALID_REQUEST'],
    [
      'two lengths',
      'POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'INVALID_REQUEST',
    ],
    [
      'a length and chunks',
      'POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'INVALID_REQUEST',
    ],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nhost: local\u0000host\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]), 400, 'INVALID_REQUEST'],
    [
      'headers of 100 KB',
      `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['an address of 100 KB', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`, 414, 'URL_TOO_LONG'],
    [
      'an expectation',
      'POST /predict HTTP/1.1\r\nhost: localhost\r\nexpect: tea\r\ncontent-length: 0\r\n\r\n',
      417,
      'EXPECTATION_FAILED',
    ],
    ['no host', 'GET /health/live HTTP/1.0\r\n\r\n', 421, 'HOST_REFUSED'],
    ['an empty host', 'GET /health/live HTTP/1.1\r\nhost:\r\n\r\n', 421, 'HOST_REFUSED'],
    [
      'another host in the address',
      'GET http://evil.example/ HTTP/1.1\r\nhost: localhost\r\n\r\n',
      421,
      'HOST_REFUSED',
    ],
    [
      'a broken chunk',
      'POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      400,
      'INVALID_REQUEST',
    ],
  ])('%s is answered with a problem', async (_name, bytes, status, code) => {
    const answer = await send(await open(), bytes)
    expect([answer.status, answer.body.code, answer.body.status]).toEqual([status, code, status])
    expect(answer.headers).toContain('content-type: application/problem+json')
    expect(answer.headers).toContain('x-content-type-options: nosniff')
  })

  test('a body that is too large is answered before it is whole, and the next connection works', async () => {
    const server = await open({ config: { bodyLimit: '64kb' } })
    const body = JSON.stringify({ text: 'a'.repeat(10 << 20) })
    const answer = await fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE' })
    expect((await send(server, request('{"text":"good"}'))).status).toBe(200)
  })

  test('a body that arrives too slowly is given up', async () => {
    const server = await open({ config: { requestDeadline: 200 } })
    const { socket, received } = await dial(server)
    socket.write(
      'POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"te',
    )
    await expect.poll(received, { timeout: 8000 }).toContain('REQUEST_TIMEOUT')
    expect(received()).toContain(' 408 ')
  })

  test('a body that arrives byte by byte in time is answered', async () => {
    const server = await open()
    const { socket, received } = await dial(server)
    for (const byte of request('{"text":"good"}')) {
      socket.write(byte)
      await sleep(1)
    }
    await expect.poll(received).toContain('"positive"')
  })
})

describe('a request under way', () => {
  test('has a deadline on a real connection too', async () => {
    const server = await open({ config: { requestDeadline: 100 } })
    server.engine.delayMs = 60_000
    expect(await send(server, request('{"text":"good"}'))).toMatchObject({
      status: 504,
      body: { code: 'DEADLINE_EXCEEDED' },
    })
  })

  test('whose client goes away is given up, and counted as 499', async () => {
    const server = await open()
    server.engine.delayMs = 60_000
    const { socket } = await dial(server)
    socket.write(request('{"text":"good"}'))
    await expect.poll(() => server.engine.seen.length).toBe(1)
    expect(server.engine.aborted).toBe(0)
    socket.destroy()
    await expect.poll(() => server.engine.aborted).toBe(1)
    await expect
      .poll(async () => await metrics(server))
      .toContain('http_requests_total{method="POST",handler="/predict",status="499"} 1')
  })

  test('is not given up while its client waits', async () => {
    const server = await open()
    server.engine.delayMs = 300
    expect(await send(server, request('{"text":"good"}'))).toMatchObject({ status: 200 })
    expect(server.engine.aborted).toBe(0)
  })
})

describe('stopping', () => {
  test('answers what was accepted, then ends the engine', async () => {
    const server = await open()
    server.engine.delayMs = 300
    const answers = Array.from(
      { length: 5 },
      async () => await send(server, request('{"text":"good"}', 'connection: close\r\n')),
    )
    await expect.poll(() => server.engine.seen.length).toBe(5)
    await Promise.all([server.server.close(), server.server.close()])
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(server.engine.closed).toBe(true)
    await expect(fetch(server.url)).rejects.toThrow()
  })

  test('does not wait for ever', async () => {
    const server = await open({ config: { stopDeadline: 200 } })
    server.engine.delayMs = 60_000
    const { socket, ended } = await dial(server)
    socket.write(request('{"text":"good"}'))
    await expect.poll(() => server.engine.seen.length).toBe(1)
    await server.server.close()
    await ended
    expect(server.engine.closed).toBe(true)
  })

  test('does not wait for connections that say nothing', async () => {
    const server = await open({ config: { stopDeadline: 600_000 } })
    const { ended } = await dial(server)
    await send(server, request('{"text":"good"}'))
    await server.server.close()
    await ended
  })
})

describe('starting', () => {
  test('on a port in use says which, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    await expect(open({ config: { port } })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`Port ${port} on 127.0.0.1 is in use.*--port`)),
    })
    other.close()
  })

  test('on an address that is not ours says so', async () => {
    const home = await mkdtemp(join(tmpdir(), 'renown-server-'))
    await createKey({ home, name: 'k', scopes: ['read'] })
    await expect(open({ home, config: { host: '203.0.113.1' } })).rejects.toMatchObject({ code: 'ADDRESS_UNAVAILABLE' })
    await rm(home, { recursive: true })
  })

  test('on another address than loopback needs a key', async () => {
    const home = await mkdtemp(join(tmpdir(), 'renown-server-'))
    await expect(open({ home, config: { host: '0.0.0.0' } })).rejects.toMatchObject({
      code: 'CREDENTIALS_REQUIRED',
      message: expect.stringContaining('renown keys create'),
    })
    const { key } = await createKey({ home, name: 'k', scopes: ['read'] })
    const server = await open({ home, config: { host: '0.0.0.0' } })
    const url = `http://127.0.0.1:${new URL(server.url).port}/api/v1/model`
    expect((await fetch(url)).status).toBe(401)
    expect((await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
  })

  test('in a data folder that is a file is refused by name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'renown-server-'))
    const home = join(folder, 'file')
    await writeFile(home, '')
    await expect(open({ home })).rejects.toMatchObject({ code: 'HOME_UNUSABLE' })
    await rm(folder, { recursive: true })
  })

  test('with damaged keys on a public address is refused', async () => {
    const home = await mkdtemp(join(tmpdir(), 'renown-server-'))
    await createKey({ home, name: 'k', scopes: ['read'] })
    await writeFile(join(home, 'keys.json'), '{')
    await expect(open({ home, config: { host: '0.0.0.0' } })).rejects.toMatchObject({ code: 'CREDENTIALS_REQUIRED' })
    await rm(home, { recursive: true })
  })
})

describe('the log', () => {
  test('has one line for a request, none for a prediction, and never a text or a secret', async () => {
    const log: string[] = []
    const server = await open({ log })
    const headers = {
      'content-type': 'application/json',
      authorization: 'Bearer rk_sesame',
      cookie: 'renown_session=sesame',
    }
    await fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"sesame"}',
    })
    await fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"sesame',
    })
    await fetch(`${server.url}/api/v1/model?q=sesame`, { headers })
    await fetch(`${server.url}/sesame`)
    server.engine.failure = new Error('broken')
    await fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"sesame"}',
    })
    await expect.poll(() => log.filter((line) => line.includes('"msg":"request"')).length).toBe(5)
    expect(log.join('')).not.toContain('sesame')
    const info = log.map((line) => JSON.parse(line)).filter(({ level, msg }) => level >= 30 && msg === 'request')
    expect(info.map(({ route, status }) => [route, status])).toEqual([
      ['/api/v1/model', 401],
      ['unmatched', 404],
      ['/predict', 500],
    ])
    const failed = log.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request failed')
    expect(failed).toMatchObject({ level: 50, code: 'INTERNAL', err: { message: 'broken' } })
    expect(failed.request_id).toBe(info[2]?.request_id)
  })

  test('censors secrets wherever they are passed', async () => {
    const { createLogger } = await import('./logs.ts')
    const lines: string[] = []
    const logger = createLogger('info', { write: (line: string) => void lines.push(line) })
    logger.info({
      authorization: 'sesame',
      headers: { cookie: 'sesame', 'set-cookie': 'sesame' },
      body: { key: 'sesame' },
    })
    expect(lines.join('')).not.toContain('sesame')
  })
})
