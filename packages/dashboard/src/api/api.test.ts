// The door to the server: errors keep their codes, and what cannot be reached is said.
import { describe, expect, it } from 'vitest'
import { createApi } from './client.ts'
import { ApiError, errorFrom, isAbort, isTransient } from './errors.ts'
import { postsPath } from './paths.ts'

function setUp(respond: (path: string, init: RequestInit | undefined) => Response | Error) {
  const reached: boolean[] = []
  let loggedOut = 0
  const api = createApi(
    async (input, init) => {
      const result = respond(String(input), init)
      if (result instanceof Error) throw result
      return result
    },
    { reached: (ok) => reached.push(ok), loggedOut: () => loggedOut++ },
  )
  return { api, reached, loggedOut: () => loggedOut }
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ title: 'T', status, detail: 'D', code, instance: 'req-1' }), { status, headers })
}

describe('the client', () => {
  it('sends JSON and reads it, and takes an empty answer', async () => {
    let sent: RequestInit | undefined
    const { api, reached } = setUp((path, init) => {
      sent = init
      return path === '/empty' ? new Response(null, { status: 204 }) : Response.json({ ok: 1 })
    })
    expect(await api.post('/x', { text: 'a\ud800' })).toEqual({ ok: 1 })
    expect(sent?.body).toBe('{"text":"a\\ud800"}')
    expect(sent?.credentials).toBe('same-origin')
    expect(await api.get('/empty')).toBeUndefined()
    expect(reached).toEqual([true, true])
  })

  it('turns a problem into an error with its code, wait and request', async () => {
    const { api } = setUp(() => problem(429, 'OVERLOADED', { 'retry-after': '3' }))
    const error = await api.get('/x').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'OVERLOADED', status: 429, retryAfter: 3, request: 'req-1' })
    expect(isTransient(error as ApiError)).toBe(true)
  })

  it('reports a visitor who is no longer logged in', async () => {
    const { api, loggedOut } = setUp(() => problem(401, 'KEY_REQUIRED'))
    await expect(api.get('/x')).rejects.toMatchObject({ code: 'KEY_REQUIRED' })
    expect(loggedOut()).toBe(1)
  })

  it('reports a server that does not answer, but not a request that was taken back', async () => {
    const { api, reached } = setUp((path) =>
      path === '/abort' ? new DOMException('x', 'AbortError') : new TypeError('fetch failed'),
    )
    await expect(api.get('/x')).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    expect(await api.get('/abort').catch(isAbort)).toBe(true)
    expect(reached).toEqual([false])
  })

  it('keeps the status of an answer that is no problem document', () => {
    const error = errorFrom(502, '<html>Bad gateway</html>', null)
    expect(error).toMatchObject({ code: 'ANSWER_UNREADABLE', status: 502, retryAfter: null })
    expect(errorFrom(500, '[]', 'soon').retryAfter).toBeNull()
  })

  it('refuses an answer that is no JSON', async () => {
    const { api } = setUp(() => new Response('hello'))
    await expect(api.get('/x')).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' })
  })
})

describe('addresses of posts', () => {
  it('carry only what is asked for', () => {
    const filter = { label: null, from: null, to: null }
    expect(postsPath('a b', filter, 'file', null)).toBe('/api/v1/scorings/a%20b/posts?order=file&limit=20')
    expect(postsPath('x', { ...filter, label: 'neutral' }, 'strongest', 's1~2')).toContain(
      'label=neutral&cursor=s1%7E2',
    )
  })
})
