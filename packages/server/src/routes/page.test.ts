// The built page and its files.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestServer } from '../test-support.ts'

let pageFolder: string
let server: TestServer | null = null

beforeAll(async () => {
  pageFolder = await mkdtemp(join(tmpdir(), 'renown-page-'))
  await mkdir(join(pageFolder, 'assets'))
  await writeFile(join(pageFolder, 'index.html'), '<!doctype html><title>Renown</title>')
  await writeFile(join(pageFolder, 'favicon.svg'), '<svg/>')
  await writeFile(join(pageFolder, 'assets', 'main-abc123.js'), 'let a = 1')
  await writeFile(join(pageFolder, 'assets', 'main-abc123.js.gz'), gzipSync('let a = 1'))
})
afterAll(async () => await rm(pageFolder, { recursive: true }))
afterEach(async () => {
  await server?.close()
  server = null
})

describe('the page', () => {
  test('is served with a policy that allows nothing inline, and is asked for again each time', async () => {
    server = await openTestApp({ pageFolder })
    const page = await server.app.inject({ url: '/', headers: { host: 'localhost' } })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toMatch(/^text\/html/)
    expect(page.body).toContain('<title>Renown</title>')
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self';style-src 'self'$/)
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
    expect(page.headers['cache-control']).toBe('no-cache')
    expect(page.headers.etag).toBeDefined()
  })

  test('comes with files that never change, compressed where there is a twin', async () => {
    server = await openTestApp({ pageFolder })
    const url = '/assets/main-abc123.js'
    const plain = await server.app.inject({ url, headers: { host: 'localhost' } })
    expect([plain.statusCode, plain.body]).toEqual([200, 'let a = 1'])
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const packed = await server.app.inject({ url, headers: { host: 'localhost', 'accept-encoding': 'gzip' } })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.headers['content-type']).toMatch(/javascript/)
    expect((await server.app.inject({ url: '/favicon.svg', headers: { host: 'localhost' } })).statusCode).toBe(200)
  })

  test('never serves what lies beside it', async () => {
    server = await openTestApp({ pageFolder })
    for (const url of [
      '/assets/../index.html',
      '/assets/%2e%2e/index.html',
      '/assets/..%2findex.html',
      '/assets/',
      '/index.html',
      '/assets/none.js',
    ]) {
      const answer = await server.app.inject({ url, headers: { host: 'localhost' } })
      expect([url, answer.statusCode]).toEqual([
        url,
        expect.toSatisfy((status: number) => status === 404 || status === 403),
      ])
    }
  })

  test('needs no credentials where everything else does', async () => {
    server = await openTestApp({ pageFolder, config: { host: '0.0.0.0' } })
    for (const url of ['/', '/assets/main-abc123.js', '/favicon.svg']) {
      expect((await server.app.inject({ url, headers: { host: 'localhost' } })).statusCode).toBe(200)
    }
  })

  test('that is not built says so', async () => {
    server = await openTestApp({ pageFolder: join(pageFolder, 'none') })
    const page = await server.app.inject({ url: '/', headers: { host: 'localhost' } })
    expect([page.statusCode, page.body]).toEqual([503, expect.stringContaining('npm run build')])
  })
})
