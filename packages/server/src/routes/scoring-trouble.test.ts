// Many scorings at once, and what goes wrong with them.
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostPage, Scoring } from '@renown/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { multipart, openTestServer } from '../test-support.ts'
import { CSV, call, closeAll, finished, folders, open, type ProblemBody, upload } from './scorings-client.ts'

afterEach(closeAll)

describe('many at once', () => {
  test('two uploads at the same time are both whole', async () => {
    const server = await open()
    const contents = ['great', 'bad'].map((word) => `text\n${`${word} day\n`.repeat(20_000)}`)
    const answers = await Promise.all(contents.map(async (content) => await upload(server, content)))
    const [good, bad] = await Promise.all(answers.map(async ({ body }) => await finished(server, body.id)))
    expect(good?.summary?.split.positive.n).toBe(20_000)
    expect(bad?.summary?.split.negative.n).toBe(20_000)
  })

  test('one runs at a time; the next waits, and starts when the first is cancelled', async () => {
    const server = await open()
    server.engine.delayMs = 60_000
    const first = (await upload(server, CSV)).body.id
    const second = (await upload(server, CSV)).body.id
    const statusOf = async (id: string): Promise<string> =>
      (await call<Scoring>(server, 'GET', `/api/v1/scorings/${id}`)).body.status
    await expect.poll(async () => await statusOf(first)).toBe('running')
    expect(await statusOf(second)).toBe('queued')
    const { body } = await call<{ scorings: Scoring[] }>(server, 'GET', '/api/v1/scorings')
    expect(body.scorings.map(({ id }) => id)).toEqual([second, first])
    expect(body.scorings.every(({ preview }) => preview === undefined)).toBe(true)
    server.engine.delayMs = 0
    const cancelled = await call<Scoring>(server, 'POST', `/api/v1/scorings/${first}/cancel`)
    expect(cancelled.body.status).toBe('cancelled')
    expect((await finished(server, second)).status).toBe('done')
    expect((await call<ProblemBody>(server, 'POST', `/api/v1/scorings/${first}/cancel`)).body.code).toBe(
      'SCORING_STATE',
    )
  })

  test('more than are kept are refused until one is deleted', async () => {
    const server = await open({ config: { scoringsLimit: 1 } })
    const first = await upload(server, CSV)
    const second = await upload(server, CSV)
    expect([second.status, second.body.code]).toEqual([429, 'SCORINGS_FULL'])
    expect(second.headers.get('retry-after')).toBe('60')
    await call(server, 'DELETE', `/api/v1/scorings/${first.body.id}`)
    expect((await upload(server, CSV)).status).toBe(202)
  })

  test('a running one is removed with everything of it', async () => {
    const server = await open()
    server.engine.delayMs = 60_000
    const { id } = (await upload(server, CSV)).body
    await expect.poll(() => server.engine.seen.length).toBeGreaterThan(0)
    expect((await call(server, 'DELETE', `/api/v1/scorings/${id}`)).status).toBe(204)
    expect(await folders(server)).toEqual([])
    expect((await call(server, 'GET', `/api/v1/scorings/${id}`)).status).toBe(404)
    expect(server.engine.aborted).toBeGreaterThan(0)
  })
})

describe('trouble', () => {
  test('an upload that breaks off leaves nothing, and room for the next', async () => {
    const server = await open({ config: { scoringsLimit: 1 } })
    const { payload, headers } = multipart(`text\n${'great\n'.repeat(100_000)}`)
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    const type = headers['content-type'] ?? ''
    socket.write(
      `POST /api/v1/scorings HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${payload.length}\r\n\r\n`,
    )
    socket.write(payload.subarray(0, 200_000))
    await expect.poll(async () => (await folders(server)).length).toBe(1)
    socket.destroy()
    await expect.poll(async () => (await folders(server)).length).toBe(0)
    expect((await upload(server, CSV)).status).toBe(202)
  })

  test('an engine that fails ends the job with a code, and what was scored stays', async () => {
    const server = await open()
    server.engine.failure = new Error('broken')
    const { id } = (await upload(server, CSV)).body
    expect(await finished(server, id)).toMatchObject({
      status: 'failed',
      problem: { code: 'SCORING_FAILED', status: 500 },
    })
    expect((await call(server, 'GET', `/api/v1/scorings/${id}/results`)).status).toBe(200)
  })

  test('a stop in the middle keeps what was scored; the next start shows it as interrupted', async () => {
    const home = await mkdtemp(join(tmpdir(), 'renown-server-'))
    const first = await openTestServer({ home })
    first.engine.delayMs = 50
    const { id } = (await upload(first, `text\n${'great day\n'.repeat(200_000)}`)).body
    const queued = (await upload(first, CSV)).body.id
    await expect
      .poll(async () => (await call<Scoring>(first, 'GET', `/api/v1/scorings/${id}`)).body.progress.scored)
      .toBeGreaterThan(0)
    await first.server.close()
    const second = await open({ home })
    const scoring = await finished(second, id)
    expect(scoring).toMatchObject({ status: 'failed', problem: { code: 'SCORING_INTERRUPTED' } })
    expect(scoring.progress.scored).toBe(scoring.summary?.scored)
    const results = await call<string>(second, 'GET', `/api/v1/scorings/${id}/results?format=jsonl`)
    expect(results.body.trim().split('\n')).toHaveLength(scoring.progress.scored)
    expect((await finished(second, queued)).status).toBe('done')
  })

  test('a killed process leaves files that are cut to what was accounted for, and half uploads that are removed', async () => {
    const home = await mkdtemp(join(tmpdir(), 'renown-server-'))
    const first = await openTestServer({ home })
    const { id } = (await upload(first, CSV)).body
    const done = await finished(first, id)
    await first.server.close()
    const folder = join(home, 'scorings', id)
    const record = JSON.parse(await readFile(join(folder, 'job.json'), 'utf8'))
    await writeFile(join(folder, 'job.json'), JSON.stringify({ ...record, status: 'running' }))
    for (const name of ['results.jsonl', 'results.index', 'rejects.jsonl']) {
      await writeFile(join(folder, name), 'half a ro', { flag: 'a' })
    }
    await mkdir(join(home, 'scorings', 'AAAAAAAAAAAAAAAAAAAAAA'))
    const second = await open({ home })
    const scoring = await finished(second, id)
    expect(scoring).toMatchObject({ status: 'failed', progress: { scored: done.progress.scored } })
    expect((await stat(join(folder, 'results.index'))).size).toBe(32 * 5)
    const posts = await call<PostPage>(second, 'GET', `/api/v1/scorings/${id}/posts?order=file`)
    expect(posts.body.posts).toHaveLength(5)
    expect(await folders(second)).toEqual([id])
  })

  test('another server on the same data folder leaves it alone, and finds its own again', async () => {
    const home = await mkdtemp(join(tmpdir(), 'renown-server-'))
    const first = await open({ home })
    first.engine.delayMs = 50
    const { id } = (await upload(first, `text\n${'great day\n'.repeat(200_000)}`)).body
    await mkdir(join(home, 'scorings', 'AAAAAAAAAAAAAAAAAAAAAA'))
    const second = await openTestServer({ home })
    expect((await call(second, 'GET', `/api/v1/scorings/${id}`)).status).toBe(404)
    const own = (await upload(second, CSV)).body.id
    expect((await finished(second, own)).status).toBe('done')
    await second.server.close()
    expect((await call<Scoring>(first, 'GET', `/api/v1/scorings/${id}`)).body.status).toBe('running')
    expect(await folders(first)).toContain('AAAAAAAAAAAAAAAAAAAAAA')
    const third = await openTestServer({ home })
    expect((await call<Scoring>(third, 'GET', `/api/v1/scorings/${own}`)).body.status).toBe('done')
    await call(third, 'DELETE', `/api/v1/scorings/${own}`)
    await third.server.close()
    expect((await readdir(home)).filter((name) => name.startsWith('scorings-'))).toEqual([])
  })

  test('after a day it is gone', async () => {
    let time = Date.now()
    const server = await open({ now: () => time })
    const { body } = await upload(server, CSV)
    const scoring = await finished(server, body.id)
    expect(Date.parse(scoring.expires_at) - Date.parse(scoring.created_at)).toBe(86_400_000)
    time += 86_400_000
    await server.sweep()
    expect((await call(server, 'GET', `/api/v1/scorings/${body.id}`)).status).toBe(404)
    expect(await folders(server)).toEqual([])
  })

  test('files and folders are for their owner only', async () => {
    const server = await open()
    const { body } = await upload(server, CSV)
    await finished(server, body.id)
    const folder = join(server.home, 'scorings', body.id)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).not.toContain('source')
  })

  test('ids that are none are not found, whatever they look like', async () => {
    const server = await open()
    for (const id of ['..', '%2e%2e', 'x', '..%2f..%2fkeys.json', '__proto__']) {
      expect((await call(server, 'GET', `/api/v1/scorings/${id}/results`)).status).toBe(404)
    }
  })
})
