import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { PostPage, Scoring } from '@renown/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { type ListeningServer, multipart, openTestServer, type TestOptions } from '../test-support.ts'

const servers: ListeningServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function open(options: TestOptions = {}): Promise<ListeningServer> {
  const server = await openTestServer(options)
  servers.push(server)
  return server
}

const CSV = [
  'created_at,text,author',
  '2026-01-01,What a great day,ann',
  '2026-01-01,Another outage of yours,bob',
  '2026-01-02,The shop opens at nine,"o, c"',
  '2026-01-02,,dan',
  'nonsense,"A great, ""quoted"" joy',
  'of two lines",eve',
  '2026-01-03,=cmd()|great,fay',
  '',
].join('\n')

interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly headers: Headers
}

async function call<T>(
  server: ListeningServer,
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  type?: string,
): Promise<Answer<T>> {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  const response = await fetch(`${server.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '') && text !== ''
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
}

interface ProblemBody {
  readonly code: string
  readonly errors?: readonly { readonly code: string }[]
}

async function upload(
  server: ListeningServer,
  content: string | Buffer,
  options: { name?: string; fields?: Record<string, string>; query?: string } = {},
): Promise<Answer<Scoring & ProblemBody>> {
  const { payload, headers } = multipart(content, options.name, options.fields)
  return await call(
    server,
    'POST',
    `/api/v1/scorings${options.query ?? ''}`,
    new Uint8Array(payload),
    headers['content-type'],
  )
}

async function finished(server: ListeningServer, id: string): Promise<Scoring> {
  await expect
    .poll(async () => (await call<Scoring>(server, 'GET', `/api/v1/scorings/${id}`)).body.status, { timeout: 20_000 })
    .toMatch(/done|failed|cancelled/)
  return (await call<Scoring>(server, 'GET', `/api/v1/scorings/${id}`)).body
}

async function folders(server: ListeningServer): Promise<string[]> {
  return await readdir(join(server.home, 'scorings'))
}

describe('a file of posts', () => {
  test('is taken in, guessed, scored and summed up', async () => {
    const server = await open()
    const answer = await upload(server, CSV)
    expect(answer.status).toBe(202)
    expect(answer.headers.get('location')).toBe(`/api/v1/scorings/${answer.body.id}`)
    expect(answer.body).toMatchObject({
      file: { name: 'posts.csv', format: 'csv', gzip: false },
      columns: ['created_at', 'text', 'author'],
      guess: { text: 'text', date: 'created_at', author: 'author' },
    })
    expect(answer.body.preview?.[0]).toEqual({ created_at: '2026-01-01', text: 'What a great day', author: 'ann' })
    const scoring = await finished(server, answer.body.id)
    expect(scoring).toMatchObject({
      status: 'done',
      problem: null,
      mapping: { text: 'text', date: 'created_at', author: 'author' },
      progress: { rows: 6, scored: 5, rejected: 1 },
      summary: { rows: 6, scored: 5, rejected: 1, undated: 1, net: { n: 5, points: 40 } },
    })
    expect(scoring.summary?.split.positive).toMatchObject({ n: 3, share: 0.6 })
    expect(scoring.summary?.timeline?.buckets.map(({ n }) => n)).toEqual([2, 1, 1])
    expect(scoring.summary?.strongest.negative[0]).toMatchObject({
      line: 3,
      author: 'bob',
      date: '2026-01-01T00:00:00.000Z',
    })
  })

  test('can be downloaded with its sentiment, safe to open in a spreadsheet', async () => {
    const server = await open()
    const { id } = (await upload(server, CSV, { name: "réseau 'x'\u202e.csv" })).body
    await finished(server, id)
    const csv = await call<string>(server, 'GET', `/api/v1/scorings/${id}/results`)
    const lines = csv.body.split('\r\n').length > 2 ? csv.body.split('\r\n') : csv.body.split('\n')
    expect(lines[0]).toBe('created_at,text,author,label,score,negative,neutral,positive,windows')
    expect(csv.body).toContain('"A great, ""quoted"" joy\nof two lines",eve,positive,')
    expect(csv.body).toContain("'=cmd()|great")
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toBe(
      `attachment; filename="reseau 'x'-sentiment.csv"; filename*=UTF-8''r%C3%A9seau%20%27x%27-sentiment.csv`,
    )
    const jsonl = await call<string>(server, 'GET', `/api/v1/scorings/${id}/results?format=jsonl`)
    const rows = jsonl.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows).toHaveLength(5)
    expect(rows[0]).toMatchObject({ text: 'What a great day', author: 'ann', label: 'positive', windows: 1 })
    const rejects = await call<string>(server, 'GET', `/api/v1/scorings/${id}/rejects?format=jsonl`)
    expect(JSON.parse(rejects.body)).toMatchObject({ line: 5, code: 'TEXT_EMPTY' })
    expect((await call(server, 'GET', `/api/v1/scorings/${id}/results?format=xml`)).status).toBe(422)
  })

  test('that has columns with our names keeps its own', async () => {
    const server = await open()
    const { id } = (await upload(server, 'text,label,score\ngreat day,x,1\nbad day,y,2\n')).body
    await finished(server, id)
    const { body } = await call<string>(server, 'GET', `/api/v1/scorings/${id}/results`)
    expect(body.split(/\r?\n/, 2)).toEqual([
      'text,label,score,renown_label,renown_score,negative,neutral,positive,windows',
      expect.stringMatching(/^great day,x,1,positive,0\.\d+,/),
    ])
  })

  test('waits for its columns where asked to, or where none is guessed', async () => {
    const server = await open()
    const manual = await upload(server, CSV, { query: '?start=manual' })
    expect(manual.body.status).toBe('ready')
    const unknown = await call<ProblemBody>(
      server,
      'POST',
      `/api/v1/scorings/${manual.body.id}/start`,
      '{"columns":{"text":"nope"}}',
      'application/json',
    )
    expect([unknown.status, unknown.body.code]).toEqual([422, 'COLUMN_UNKNOWN'])
    const started = await call<Scoring>(
      server,
      'POST',
      `/api/v1/scorings/${manual.body.id}/start`,
      '{"columns":{"text":"author"}}',
      'application/json',
    )
    expect(started.status).toBe(202)
    expect((await finished(server, manual.body.id)).mapping).toMatchObject({ text: 'author', date: null })
    const again = await call<ProblemBody>(
      server,
      'POST',
      `/api/v1/scorings/${manual.body.id}/start`,
      '{"columns":{"text":"text"}}',
      'application/json',
    )
    expect([again.status, again.body.code]).toEqual([409, 'SCORING_STATE'])

    const numbers = await upload(server, 'a,b\n1,2\n3,4\n')
    expect(numbers.body).toMatchObject({ status: 'ready', guess: { text: null }, mapping: null })
    const early = await call<ProblemBody>(server, 'GET', `/api/v1/scorings/${numbers.body.id}/results`)
    expect([early.status, early.body.code]).toEqual([409, 'SCORING_STATE'])
  })

  test('takes the columns that come with it', async () => {
    const server = await open()
    const { body } = await upload(server, CSV, { fields: { text_column: 'author' } })
    expect((await finished(server, body.id)).mapping).toMatchObject({ text: 'author', date: 'created_at' })
    const wrong = await upload(server, CSV, { fields: { text_column: 'nope' } })
    expect([wrong.status, wrong.body.code]).toEqual([422, 'COLUMN_UNKNOWN'])
    expect(await folders(server)).toEqual([body.id])
  })

  test.each([
    ['gzip', gzipSync(CSV), 'posts.csv.gz', 5],
    [
      'JSON',
      JSON.stringify([
        { text: 'great day', n: 1 },
        { text: 'bad day', n: 2 },
      ]),
      'p.json',
      2,
    ],
    ['JSON Lines', '{"text":"great day"}\n{"text":"bad day"}\n{"text":\n', 'p.jsonl', 2],
    ['TSV', 'text\tn\ngreat day\t1\n', 'p.tsv', 1],
    ['Latin-1', Buffer.from('text,n\nquel désastre bad,1\n', 'latin1'), 'p.csv', 1],
  ])('%s', async (_name, content, name, scored) => {
    const server = await open()
    const { body } = await upload(server, content, { name })
    expect(await finished(server, body.id)).toMatchObject({ status: 'done', progress: { scored } })
  })
})

describe('a file that is none', () => {
  test.each([
    ['nothing', ''],
    ['a truncated Parquet file', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(100)])],
    ['broken gzip', Buffer.concat([gzipSync(CSV).subarray(0, 20), Buffer.alloc(50)])],
    ['JSON of something else', '{"a": 1'],
  ])('%s is refused with its cause, and leaves nothing behind', async (_name, content) => {
    const server = await open()
    const answer = await upload(server, content, { name: 'x' })
    expect([answer.status, answer.body.code]).toEqual([422, 'FILE_INVALID'])
    expect(answer.body.errors?.[0]?.code).toMatch(/^[A-Z_]+$/)
    expect(await folders(server)).toEqual([])
  })

  test('a gzip bomb ends the job with a cause', async () => {
    const server = await open()
    const bomb = gzipSync(Buffer.concat([Buffer.from('text\n'), Buffer.alloc(300 << 20, `${'a'.repeat(9999)}\n`)]))
    const answer = await upload(server, bomb, {
      name: 'x.csv.gz',
      query: '?start=manual',
      fields: { text_column: 'text' },
    })
    if (answer.status === 202) {
      await call(
        server,
        'POST',
        `/api/v1/scorings/${answer.body.id}/start`,
        '{"columns":{"text":"text"}}',
        'application/json',
      )
      expect(await finished(server, answer.body.id)).toMatchObject({
        status: 'failed',
        problem: { code: 'FILE_INVALID' },
      })
    } else expect(answer.body.code).toBe('FILE_INVALID')
  })

  test('a field of 50 MB is a rejected row; the rest is scored', async () => {
    const server = await open()
    const { body } = await upload(server, `text,n\ngreat day,1\n${'x'.repeat(50 << 20)},2\nbad day,3\n`)
    const scoring = await finished(server, body.id)
    expect(scoring).toMatchObject({ status: 'done', progress: { scored: 2, rejected: 1 } })
  })

  test('a form without a file, with two, or that is no form, is refused', async () => {
    const server = await open()
    const type = 'multipart/form-data; boundary=b'
    const field = '--b\r\ncontent-disposition: form-data; name="text_column"\r\n\r\nx\r\n--b--\r\n'
    expect((await call<ProblemBody>(server, 'POST', '/api/v1/scorings', field, type)).body.code).toBe(
      'VALIDATION_FAILED',
    )
    const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntext\na\r\n'
    expect((await call<ProblemBody>(server, 'POST', '/api/v1/scorings', `${part}${part}--b--\r\n`, type)).status).toBe(
      400,
    )
    expect((await call<ProblemBody>(server, 'POST', '/api/v1/scorings', part, type)).status).toBe(400)
    expect((await call<ProblemBody>(server, 'POST', '/api/v1/scorings', 'x', 'multipart/form-data')).status).toBe(400)
    expect((await call<ProblemBody>(server, 'POST', '/api/v1/scorings', '{}', 'application/json')).status).toBe(415)
    expect((await call<ProblemBody>(server, 'POST', '/api/v1/scorings', CSV, 'text/csv')).status).toBe(415)
    expect(await folders(server)).toEqual([])
  })

  test('one that is too large is refused, whether it says so or not', async () => {
    const server = await open({ config: { uploadLimit: 1024 * 100 } })
    const large = `text\n${'great\n'.repeat(50_000)}`
    expect((await upload(server, large)).body.code).toBe('FILE_TOO_LARGE')
    expect((await upload(server, `text\n${'great\n'.repeat(2 << 20)}`)).body.code).toBe('FILE_TOO_LARGE')
    expect(await folders(server)).toEqual([])
  })
})

describe('the posts behind a number', () => {
  const rows = Array.from({ length: 500 }, (_, i) => {
    const text =
      i % 5 === 0 ? 'the same great post' : `${i % 2 === 0 ? 'great' : 'bad'} post ${'x'.repeat(i % 45)} ${i}`
    return `2026-01-${String(1 + (i % 28)).padStart(2, '0')},${text}`
  })
  const file = `date,text\n${rows.join('\n')}\n`

  async function page(server: ListeningServer, id: string, query: string): Promise<PostPage> {
    return (await call<PostPage>(server, 'GET', `/api/v1/scorings/${id}/posts?${query}`)).body
  }

  async function all(server: ListeningServer, id: string, query: string): Promise<PostPage['posts']> {
    const posts: PostPage['posts'] = []
    for (let cursor = ''; ; ) {
      const { posts: more, next } = await page(server, id, `${query}${cursor}`)
      posts.push(...more)
      if (next === null) return posts
      cursor = `&cursor=${encodeURIComponent(next)}`
    }
  }

  test('in the order of the file: every one, once, on pages', async () => {
    const server = await open()
    const { id } = (await upload(server, file)).body
    const scoring = await finished(server, id)
    const posts = await all(server, id, 'order=file&limit=77')
    expect(posts.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 2))
    const negative = await all(server, id, 'order=file&label=negative&limit=200')
    expect(negative).toHaveLength(scoring.summary?.split.negative.n ?? -1)
    const day = await all(server, id, 'order=file&from=2026-01-02&to=2026-01-03&limit=200')
    expect(day.length).toBeGreaterThan(10)
    expect(day.every(({ date }) => date === '2026-01-02T00:00:00.000Z')).toBe(true)
    const bucket = scoring.summary?.timeline?.buckets.find(({ start }) => start.startsWith('2026-01-02'))
    expect(day).toHaveLength(bucket?.n ?? -1)
  })

  test('the strongest first, each distinct text once, also across pages', async () => {
    const server = await open()
    const { id } = (await upload(server, file)).body
    const scoring = await finished(server, id)
    const posts = await all(server, id, 'label=positive&limit=13')
    expect(new Set(posts.map(({ text }) => text)).size).toBe(posts.length)
    expect(posts.filter(({ text }) => text === 'the same great post')).toHaveLength(1)
    const scores = posts.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    const distinct = new Set(rows.map((row) => row.slice(11)).filter((text) => text.includes('great')))
    expect(posts).toHaveLength(distinct.size)
    expect(posts.slice(0, 10).map(({ line }) => line)).toEqual(
      scoring.summary?.strongest.positive.map(({ line }) => line),
    )
  })

  test.each([
    'cursor=f1',
    'cursor=s1',
    'cursor=%00',
    'order=file&cursor=s0.5~1',
    'from=yesterday',
    'to=1',
    'label=angry',
    'limit=0',
    'limit=1000',
    'limit=x',
    'order=best',
  ])('%s is refused', async (query) => {
    const server = await open()
    const { id } = (await upload(server, 'text\ngreat day\n')).body
    const answer = await call<ProblemBody>(server, 'GET', `/api/v1/scorings/${id}/posts?${query}`)
    expect([answer.status, answer.body.code]).toEqual([422, 'VALIDATION_FAILED'])
  })
})

describe('events', () => {
  async function listen(
    server: ListeningServer,
    id: string,
    signal?: AbortSignal,
  ): Promise<{ event: string; data: Scoring }[]> {
    const response = await fetch(`${server.url}/api/v1/scorings/${id}/events`, signal === undefined ? {} : { signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const text = await response.text()
    return text
      .split('\n\n')
      .map((block) => /^event: (\w+)\ndata: (.*)$/s.exec(block))
      .flatMap((match) =>
        match === null ? [] : [{ event: match[1] ?? '', data: JSON.parse(match[2] ?? '') as Scoring }],
      )
  }

  test('begin with the state, and end with the end', async () => {
    const server = await open()
    server.engine.delayMs = 30
    const { id } = (await upload(server, `text\n${'great day\n'.repeat(60_000)}`)).body
    const events = await listen(server, id)
    expect(events[0]?.event).toBe('progress')
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { status: 'done', summary: { scored: 60_000 } } })
    expect(events.every(({ data }) => data.preview === undefined)).toBe(true)
    expect(events.length).toBeLessThan(200)
    const late = await listen(server, id)
    expect(late.map(({ event }) => event)).toEqual(['done'])
  })

  test('leave nobody behind who went away', async () => {
    const server = await open()
    const { id } = (await upload(server, CSV, { query: '?start=manual' })).body
    const leave = new AbortController()
    const readers = Array.from({ length: 5 }, async () => await listen(server, id, leave.signal).catch(() => []))
    await expect.poll(() => watchersOf(server)).toBe(5)
    leave.abort()
    await Promise.all(readers)
    await expect.poll(() => watchersOf(server)).toBe(0)
  })

  test('say when a scoring is removed, or the server stops', async () => {
    const server = await open()
    const first = (await upload(server, CSV, { query: '?start=manual' })).body.id
    const removed = listen(server, first)
    await expect.poll(() => watchersOf(server)).toBe(1)
    expect((await call(server, 'DELETE', `/api/v1/scorings/${first}`)).status).toBe(204)
    expect((await removed).at(-1)).toMatchObject({ event: 'cancelled' })
    const second = (await upload(server, CSV, { query: '?start=manual' })).body.id
    const stopped = listen(server, second)
    await expect.poll(() => watchersOf(server)).toBe(1)
    await server.server.close()
    expect((await stopped).at(-1)).toMatchObject({ event: 'progress', data: { status: 'ready' } })
  })

  function watchersOf(server: ListeningServer): number {
    return server.watchers()
  }
})

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
