// The metrics port of a server: what it answers, whom, and what keeps it from opening.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../auth/keys.ts'
import { type ListeningServer, openTestServer } from '../test-support.ts'

/** With headers that fetch would not send. */
async function get(address: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  return await new Promise<{ status: number | undefined; text: string; type: string | undefined }>(
    (resolve, reject) => {
      const sent = request(address, { method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode, text, type: response.headers['content-type'] }))
      })
      sent.on('error', reject).end()
    },
  )
}

describe('on this machine', () => {
  let server: ListeningServer
  let address: string
  beforeAll(async () => {
    server = await openTestServer({ config: { metricsPort: 0 } })
    address = server.server.metricsAddress ?? ''
  })
  afterAll(async () => await server.close())

  test('it says what /metrics says, in the format that is asked for', async () => {
    const { status, text, type } = await get(address)
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(text).toContain('renown_inference_ready 1\n')
    const open = await get(address, { accept: 'application/openmetrics-text; version=1.0.0' })
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(open.text).toMatch(/# EOF\n$/)
    expect(open.text).not.toContain('_created')
    const own = await get(`${server.url}/metrics`)
    const namesOf = (scrape: string): string[] => scrape.match(/^# TYPE .*/gm) ?? []
    expect(namesOf(own.text)).toEqual(namesOf(text))
  })

  test('scraping there is no request of the API', async () => {
    for (let scrape = 0; scrape < 20; scrape++) await get(address)
    expect((await get(address)).text).toContain('http_requests_total{method="GET",handler="/metrics",status="200"} 1\n')
  })

  test('nothing else is there, and other names, methods and paths are refused', async () => {
    expect((await get(address, {}, 'HEAD')).text).toBe('')
    expect((await get(address, {}, 'POST')).status).toBe(405)
    expect((await get(address.replace('/metrics', '/predict'))).status).toBe(404)
    expect((await get(address.replace('/metrics', '/metricsx'))).status).toBe(404)
    expect((await get(address, { host: 'evil.example' })).status).toBe(403)
  })

  test('many at once, one after the other without pause, do it no harm', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(address)))
    expect(answers.every(({ status, text }) => status === 200 && text.endsWith('\n'))).toBe(true)
  })
})

describe('on another address', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'renown-metrics-'))
  })
  afterAll(async () => await rm(home, { recursive: true, force: true }))

  test('it needs a key: without any, the server does not start', async () => {
    const opening = openTestServer({ home, config: { metricsPort: 0, metricsHost: '0.0.0.0' } })
    await expect(opening).rejects.toMatchObject({
      code: 'CREDENTIALS_REQUIRED',
      message: expect.stringContaining('0.0.0.0 can be reached from other machines'),
    })
  })

  test('and with one, only who has it is answered', async () => {
    const { key } = await createKey({ home, name: 'prometheus', scopes: ['read'] })
    const names = { allowedHosts: 'renown.example.org' }
    const server = await openTestServer({ home, config: { metricsPort: 0, metricsHost: '0.0.0.0', ...names } })
    const address = (server.server.metricsAddress ?? '').replace('0.0.0.0', '127.0.0.1')
    try {
      expect((await get(address)).status).toBe(401)
      expect((await get(address, { authorization: 'Bearer rk_wrong' })).status).toBe(401)
      const authorization = `Bearer ${key}`
      expect((await get(address, { authorization })).status).toBe(200)
      expect((await get(address, { authorization, host: 'host.docker.internal:9464' })).status).toBe(200)
    } finally {
      await server.close()
    }
  })
})

test('a port in use is told before the model has loaded, and nothing is left behind', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  const { port } = holder.address() as AddressInfo
  await expect(openTestServer({ config: { metricsPort: port } })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringMatching(new RegExp(`Port ${port} on 127.0.0.1 is in use.*--metrics-port`)),
  })
  holder.close()
})
