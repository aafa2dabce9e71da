// The server on a real model.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BatchResponse, Model, Scoring, SentimentResponse } from '@renown/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from './config/read-config.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { multipart } from './test-support.ts'

const MODEL = fileURLToPath(new URL('../../ml/fixtures/tiny-bert', import.meta.url))

let home: string
let server: StartedServer
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'renown-server-'))
  const flags = { home, port: 0, model: MODEL, threads: 1, logLevel: 'silent' }
  server = await startServer(readConfig({ flags }).config)
})
afterAll(async () => {
  await server.close()
  await rm(home, { recursive: true })
})

async function post<T>(path: string, body: unknown): Promise<{ status: number; body: T }> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${server.address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as T }
}

describe('with a real model', () => {
  test('a text gets probabilities that add up to one, and the same text the same ones', async () => {
    const [first, second] = [
      await post<SentimentResponse>('/predict', { text: 'hello \ud800 world \u0000' }),
      await post<SentimentResponse>('/predict', { text: 'hello \ud800 world \u0000' }),
    ]
    const { negative, neutral, positive } = first.body.scores
    expect(negative + neutral + positive).toBeCloseTo(1, 5)
    expect(first.body.score).toBe(Math.max(negative, neutral, positive))
    expect(second.body).toEqual(first.body)
  })

  test('a long text is read in windows, and its answer says so', async () => {
    const { body } = await post<SentimentResponse>('/predict', { text: 'so good and so bad '.repeat(100) })
    expect(body.windows).toBeGreaterThan(1)
  })

  test('a batch has the same answers as its texts one by one', async () => {
    const texts = ['one', 'two words', 'three more words', 'so good and so bad '.repeat(30)]
    const batch = await post<BatchResponse>('/predict/batch', { texts })
    for (const [i, text] of texts.entries()) {
      const { body } = await post<SentimentResponse>('/predict', { text })
      expect(batch.body.results[i]).toEqual(body)
    }
  })

  test('the model says what it is', async () => {
    const model = (await (await fetch(`${server.address}/api/v1/model`)).json()) as Model
    expect(model).toMatchObject({ reference: MODEL, labels: ['negative', 'neutral', 'positive'] })
    expect(model.card).toContain('#')
    const { body } = await post<SentimentResponse>('/predict', { text: 'which one' })
    expect(body.model).toBe(model.version)
  })

  test('a file is scored, and repeated texts come from the cache', async () => {
    const texts = Array.from({ length: 20_000 }, (_, i) => `text number ${i % 50}`)
    const { payload, headers } = multipart(`text\n${texts.join('\n')}\n`)
    const url = `${server.address}/api/v1/scorings`
    const upload = await fetch(url, { method: 'POST', headers, body: new Uint8Array(payload) })
    const { id } = (await upload.json()) as Scoring
    const get = async (): Promise<Scoring> => (await (await fetch(`${url}/${id}`)).json()) as Scoring
    await expect.poll(async () => (await get()).status, { timeout: 20_000 }).toBe('done')
    const { progress, summary } = await get()
    expect(progress).toMatchObject({ rows: 20_000, scored: 20_000, rejected: 0 })
    expect(progress.cached).toBeGreaterThan(15_000)
    const { negative, neutral, positive } = summary?.split ?? {}
    expect((negative?.n ?? 0) + (neutral?.n ?? 0) + (positive?.n ?? 0)).toBe(20_000)
  })

  test('what the engine did is in the metrics', async () => {
    const text = await (await fetch(`${server.address}/metrics`)).text()
    expect(text).toMatch(/renown_model_info\{[^}]*file="model.safetensors"[^}]*\} 1/)
    expect(text).toMatch(/renown_inference_batch_texts_count [1-9]/)
    expect(text).toMatch(/renown_inference_stage_seconds_count\{stage="run"\} [1-9]/)
    expect(text).toMatch(/renown_inference_stage_seconds_count\{stage="tokenize"\} [1-9]/)
    expect(text).toMatch(/renown_inference_cache_lookups_total\{result="hit"\} [1-9]/)
    expect(text).toMatch(/renown_model_loads_total\{result="loaded"\} 1/)
  })
})

test('a model that is not there keeps the server from starting', async () => {
  const flags = { home, port: 0, model: 'nobody', logLevel: 'silent' }
  await expect(startServer(readConfig({ flags }).config)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
})
