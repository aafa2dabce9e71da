// Single texts and batches, good and bad.
import { gzipSync } from 'node:zlib'
import { EngineError } from '@renown/inference'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestServer } from '../test-support.ts'

let server: TestServer
beforeAll(async () => {
  server = await openTestApp({ config: { textLimit: 1000, batchLimit: 5, requestDeadline: 300 } })
})
afterAll(async () => await server.close())
afterEach(() => {
  server.engine.failure = null
  server.engine.delayMs = 0
  server.engine.ready = true
})

async function predict(
  payload: unknown,
  headers: Record<string, string> = {},
): Promise<[number, Record<string, unknown>]> {
  const body = typeof payload === 'string' || payload instanceof Buffer ? payload : JSON.stringify(payload)
  const answer = await server.app.inject({
    method: 'POST',
    url: '/predict',
    headers: { 'content-type': 'application/json', host: 'localhost', ...headers },
    payload: body,
  })
  return [answer.statusCode, answer.json()]
}

describe('one text', () => {
  test('gets its label, probabilities, model and windows, and nothing else', async () => {
    const [status, body] = await predict({ text: 'What a joy' })
    expect(status).toBe(200)
    expect(body).toEqual({
      label: 'positive',
      score: 0.6,
      scores: { negative: 0.2, neutral: 0.2, positive: 0.6 },
      model: 'test-1',
      windows: 1,
    })
  })

  test.each([
    ['a lone surrogate', 'good \ud800 day', 'good \ufffd day'],
    ['NUL bytes', 'a\u0000b', 'a\u0000b'],
    ['control characters', '\u0001\u0007\u001b[31m', '\u0001\u0007\u001b[31m'],
    ['right-to-left overrides', '\u202egood\u202c', '\u202egood\u202c'],
    ['script', '<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['one emoji', '\u{1f600}', '\u{1f600}'],
    ['prototype names', '__proto__', '__proto__'],
  ])('%s is text', async (_name, text, seen) => {
    server.engine.seen.length = 0
    const [status] = await predict({ text })
    expect(status).toBe(200)
    expect(server.engine.seen).toEqual([seen])
  })

  test.each(['', ' ', '\n\t\u00a0\u3000'])('%j is empty', async (text) => {
    expect(await predict({ text })).toMatchObject([422, { code: 'TEXT_EMPTY' }])
  })

  test('up to the limit is scored, beyond it refused', async () => {
    expect(await predict({ text: 'a'.repeat(1000) })).toMatchObject([200, { windows: 3 }])
    expect(await predict({ text: 'a'.repeat(1001) })).toMatchObject([413, { code: 'TEXT_TOO_LONG' }])
    expect(await predict({ text: 'a'.repeat(100_000) })).toMatchObject([413, { code: 'TEXT_TOO_LONG' }])
  })

  test('may have 20,000 characters unless told otherwise; a longer one never reaches the tokenizer', async () => {
    const { app, engine, close } = await openTestApp()
    const post = { method: 'POST', url: '/predict', headers: { host: 'localhost' } } as const
    expect(await app.inject({ ...post, payload: { text: 'a'.repeat(20_000) } })).toMatchObject({ statusCode: 200 })
    engine.calls.length = 0
    for (const length of [20_001, 100_000]) {
      const answer = await app.inject({ ...post, payload: { text: 'a'.repeat(length) } })
      expect([answer.statusCode, answer.json().code]).toEqual([413, 'TEXT_TOO_LONG'])
    }
    expect(engine.calls).toEqual([])
    await close()
  })

  test.each([
    [{ text: 5 }, '/text', 'type'],
    [{ text: null }, '/text', 'type'],
    [{ text: ['a'] }, '/text', 'type'],
    [{ text: { a: 1 } }, '/text', 'type'],
    [{ text: true }, '/text', 'type'],
    [{}, '/text', 'required'],
    [{ texts: 'a' }, '/text', 'required'],
    [[], '', 'type'],
    [null, '', 'type'],
    ['"a"', '', 'type'],
  ])('%j is of the wrong shape', async (payload, path, code) => {
    const [status, body] = await predict(payload)
    expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(body.errors).toMatchObject([{ path, code }])
  })

  test.each(['{', '', 'text=a', '{"text":"a"}}', '{"text":"a', '\ufeff{]', '{"__proto__":{"x":1},"text":"a"}'])(
    '%j is not JSON',
    async (payload) => {
      const [status, body] = await predict(payload)
      expect([status, body.code]).toEqual([400, 'INVALID_JSON'])
    },
  )

  test('never comes back in a problem', async () => {
    for (const payload of ['{"text": sesame', { text: ['sesame'] }, { sesame: 'sesame' }]) {
      expect(JSON.stringify(await predict(payload))).not.toContain('sesame')
    }
  })

  test('a body of 10 MB is too large', async () => {
    expect(await predict({ text: 'a'.repeat(10 << 20) })).toMatchObject([413, { code: 'BODY_TOO_LARGE' }])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense'])(
    'as %s is refused',
    async (type) => {
      expect(await predict('{"text":"a"}', { 'content-type': type })).toMatchObject([
        415,
        { code: 'CONTENT_TYPE_UNSUPPORTED' },
      ])
    },
  )

  test('gzipped is refused as such, not as broken JSON', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/predict',
      headers: { host: 'localhost', 'content-type': 'application/json', 'content-encoding': 'gzip' },
      payload: gzipSync('{"text":"a"}'),
    })
    expect([answer.statusCode, answer.headers['accept-encoding']]).toEqual([415, 'identity'])
    expect(answer.json()).toMatchObject({ code: 'CONTENT_TYPE_UNSUPPORTED' })
    expect(await predict({ text: 'a' }, { 'content-encoding': 'identity' })).toMatchObject([200, {}])
  })

  test('JSON with a charset is JSON', async () => {
    expect(await predict({ text: 'a' }, { 'content-type': 'application/json; charset=utf-8' })).toMatchObject([200, {}])
  })
})

describe('what the engine refuses', () => {
  test('turns a text away before it reaches the engine where the queue is full', async () => {
    server.engine.overloadedFor = 4
    const answer = await server.app.inject({ method: 'POST', url: '/predict', payload: { text: 'Never looked at.' } })
    expect(answer.statusCode).toBe(429)
    expect(answer.headers['retry-after']).toBe('4')
    expect(answer.json()).toMatchObject({ code: 'OVERLOADED', status: 429 })
    expect(server.engine.seen).not.toContain('Never looked at.')
    server.engine.overloadedFor = null
  })

  test('is answered with its code, and says when to come back', async () => {
    server.engine.failure = new EngineError('OVERLOADED', 'full', { retryAfterSeconds: 3 })
    const answer = await server.app.inject({
      method: 'POST',
      url: '/predict',
      headers: { host: 'localhost' },
      payload: { text: 'a' },
    })
    expect(answer.statusCode).toBe(429)
    expect(answer.headers['retry-after']).toBe('3')
    expect(answer.json()).toMatchObject({ code: 'OVERLOADED', status: 429, instance: answer.headers['x-request-id'] })
  })

  test.each([
    [new EngineError('DEADLINE_EXCEEDED', 'late'), 504, 'DEADLINE_EXCEEDED'],
    [new EngineError('CLOSED', 'closed'), 503, 'SHUTTING_DOWN'],
    [new EngineError('WORKER_FAILED', 'died'), 500, 'PREDICTION_FAILED'],
    [new Error('something'), 500, 'INTERNAL'],
  ])('%s', async (error, status, code) => {
    server.engine.failure = error
    expect(await predict({ text: 'a' })).toMatchObject([status, { status, code }])
  })

  test('a text that the tokenizer fails on', async () => {
    expect(await predict({ text: 'unreadable' })).toMatchObject([422, { code: 'TEXT_UNREADABLE' }])
  })

  test('a model that is not ready says why', async () => {
    server.engine.ready = false
    expect(await predict({ text: 'a' })).toMatchObject([503, { code: 'MODEL_NOT_READY', detail: 'a run hangs' }])
  })

  test('an answer that takes too long is given up', async () => {
    server.engine.delayMs = 60_000
    expect(await predict({ text: 'a' })).toMatchObject([504, { code: 'DEADLINE_EXCEEDED' }])
  })
})

describe('a batch', () => {
  async function batch(texts: unknown): Promise<[number, Record<string, unknown>]> {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/predict/batch',
      headers: { host: 'localhost' },
      payload: { texts } as object,
    })
    return [answer.statusCode, answer.json()]
  }

  test('has one result for each text, in order; one that is refused does not fail the others', async () => {
    const [status, body] = await batch(['great', ' ', 'x'.repeat(1001), 'unreadable', 'awful'])
    expect(status).toBe(200)
    expect(body.model).toBe('test-1')
    expect(body.results).toMatchObject([
      { label: 'positive' },
      { error: { code: 'TEXT_EMPTY' } },
      { error: { code: 'TEXT_TOO_LONG' } },
      { error: { code: 'TEXT_UNREADABLE' } },
      { label: 'negative', windows: 1 },
    ])
  })

  test('of more than 16 texts waits behind requests; none waits for room', async () => {
    const { app, engine, close } = await openTestApp()
    const inject = { method: 'POST', headers: { host: 'localhost' } } as const
    await app.inject({ ...inject, url: '/predict', payload: { text: 'a' } })
    for (const length of [1, 16, 17, 1000]) {
      const payload = { texts: Array.from({ length }, (_, i) => `text ${i}`) }
      expect(await app.inject({ ...inject, url: '/predict/batch', payload })).toMatchObject({ statusCode: 200 })
    }
    expect(engine.calls.map(({ priority }) => priority)).toEqual([
      'interactive',
      'interactive',
      'interactive',
      'bulk',
      'bulk',
    ])
    expect(engine.calls.every(({ whenFull }) => whenFull === 'refuse')).toBe(true)
    await close()
  })

  test('of 10,000 is refused as a whole, and nothing of it computed', async () => {
    server.engine.seen.length = 0
    expect(await batch(Array.from({ length: 10_000 }, () => 'a'))).toMatchObject([413, { code: 'BATCH_TOO_LARGE' }])
    expect(server.engine.seen).toEqual([])
  })

  test.each([[[]], ['a'], [[1]], [[null]], [null]])('%j is of the wrong shape', async (texts) => {
    expect(await batch(texts)).toMatchObject([422, { code: 'VALIDATION_FAILED' }])
  })
})
