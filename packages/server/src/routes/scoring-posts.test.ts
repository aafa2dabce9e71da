// The posts behind a number, and the events of a scoring.
import type { PostPage, Scoring } from '@renown/contract'
import { afterEach, describe, expect, test } from 'vitest'
import type { ListeningServer } from '../test-support.ts'
import { CSV, call, closeAll, finished, open, type ProblemBody, upload } from './scorings-client.ts'

afterEach(closeAll)

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
