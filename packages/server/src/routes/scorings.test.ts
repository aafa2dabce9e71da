// Files in, sentiment out; files that are none.
import { gzipSync } from 'node:zlib'
import type { Scoring } from '@renown/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { CSV, call, closeAll, finished, folders, open, type ProblemBody, upload } from './scorings-client.ts'

afterEach(closeAll)

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
      summary: {
        rows: 6,
        scored: 5,
        rejected: 1,
        too_few: true,
        undated: 1,
        change: null,
        standout: null,
        net: { n: 5, points: 40 },
      },
    })
    expect(scoring.summary?.split.positive).toMatchObject({ n: 3, share: 0.6 })
    expect(scoring.summary?.timeline?.buckets.map(({ n }) => n)).toEqual([2, 1, 1])
    expect(scoring.summary?.strongest.negative[0]).toMatchObject({
      line: 3,
      author: 'bob',
      date: '2026-01-01T00:00:00.000Z',
    })
  })

  test('says what changed between the halves of its period, and which day stands out', async () => {
    const server = await open()
    const days = Array.from({ length: 8 }, (_, day) => {
      const text = day === 6 ? 'bad' : 'great'
      return Array.from(
        { length: 25 },
        (_unused, post) => `2026-01-0${day + 1},${post % 5 === 0 ? 'so so' : text} ${post}`,
      )
    })
    const { id } = (await upload(server, `created_at,text\n${days.flat().join('\n')}\n`)).body
    const { summary } = await finished(server, id)
    expect(summary).toMatchObject({
      too_few: false,
      timeline: { unit: 'day' },
      change: {
        before: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-05T00:00:00.000Z', net: { points: 80, n: 100 } },
        after: { from: '2026-01-05T00:00:00.000Z', to: '2026-01-09T00:00:00.000Z', net: { points: 40, n: 100 } },
        difference: { points: -40 },
        supported: true,
      },
      standout: { start: '2026-01-07T00:00:00.000Z', net: { points: -80, n: 25 }, rest: { points: 80, n: 175 } },
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
