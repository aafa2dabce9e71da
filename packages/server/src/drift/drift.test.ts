// Drift over HTTP: what is counted, what is said of it, what a restart keeps, and the texts that people label.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Drift, TextsToLabel } from '@renown/contract'
import type { ModelFolder } from '@renown/models'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestServer } from '../test-support.ts'
import { watchFolder } from './model-watch.ts'
import { makeTexts, makeWatchedModel } from './test-watched.ts'

const NOON = Date.parse('2026-03-10T12:30:00Z')
const HOUR = 3_600_000
const HOST = { host: 'localhost' }

let home: string
let folder: ModelFolder
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'renown-drift-'))
  folder = await makeWatchedModel(home)
})
afterAll(async () => await rm(home, { recursive: true, force: true }))

/** On a data folder of its own, unless one is shared. */
async function openServer(options: { home?: string; now?: () => number; labelSample?: 'on' | 'off' } = {}) {
  const { labelSample = 'off', now = () => NOON, ...rest } = options
  const server = await openTestApp({ ...rest, folder, now, config: { labelSample } })
  await server.context.drift.report()
  return server
}

async function score(server: TestServer, texts: readonly string[]): Promise<void> {
  await server.app.inject({ method: 'POST', url: '/predict/batch', headers: HOST, payload: { texts } })
}

async function readDrift(server: TestServer): Promise<Drift> {
  return (await server.app.inject({ url: '/api/v1/drift', headers: HOST })).json()
}

describe('the verdict', () => {
  test('is stable for posts like those of the reference, and texts that come again count once', async () => {
    const server = await openServer()
    expect(await readDrift(server)).toMatchObject({
      watched: true,
      posts: 0,
      verdict: 'too_few',
      estimated_accuracy: null,
    })
    await score(server, makeTexts('bread', 400, 3))
    await score(server, makeTexts('bread', 400, 3))
    const drift = await readDrift(server)
    expect(drift).toMatchObject({ model: 'test-1', posts: 400, verdict: 'stable', retraining: [] })
    expect(drift.reference).toEqual({ data_set: 'bread', split: 'test', posts: 900, accuracy: 0.9 })
    expect(drift.estimated_accuracy?.value).toBeCloseTo(0.9, 1)
    await server.close()
  })

  test('tells new topics from a new mood', async () => {
    const [topics, mood] = await Promise.all([openServer(), openServer()])
    await score(topics, makeTexts('engine', 400, 3))
    await score(mood, makeTexts('bread', 400, 7))
    expect(await readDrift(topics)).toMatchObject({
      verdict: 'drift',
      severity: 'strong',
      retraining: ['world_changed'],
    })
    expect(await readDrift(mood)).toMatchObject({ verdict: 'news', severity: 'none', retraining: [] })
    await Promise.all([topics.close(), mood.close()])
  })

  test('compares the mood with the week before, where there is one', async () => {
    let now = NOON - 48 * HOUR
    const server = await openServer({ now: () => now })
    await score(server, makeTexts('bread', 400, 7))
    now = NOON
    await score(server, makeTexts('bread', 400, 7, 1000))
    const drift = await readDrift(server)
    expect(drift).toMatchObject({ posts: 400, verdict: 'stable', mix: { compared_with: 'earlier', changed: false } })
    expect(drift.recent).toEqual({ verdict: 'stable', severity: 'none' })
    now += 48 * HOUR
    await score(server, makeTexts('engine', 400, 7, 2000))
    expect((await readDrift(server)).recent).toEqual({ verdict: 'drift', severity: 'strong' })
    await server.close()
  })

  test('says of a model without a profile that it is not watched', async () => {
    const server = await openTestApp()
    expect(await readDrift(server)).toMatchObject({ watched: false, verdict: 'too_few', reference: null })
    await server.close()
  })
})

describe('the counts', () => {
  test('survive a restart and are shared by processes, whose files hold no text', async () => {
    const shared = await mkdtemp(join(tmpdir(), 'renown-drift-'))
    const first = await openServer({ home: shared })
    await score(first, makeTexts('bread', 400, 3))
    await first.context.drift.close()
    const second = await openServer({ home: shared })
    await score(second, makeTexts('bread', 300, 3, 5000))
    expect((await readDrift(second)).posts).toBe(700)
    const place = watchFolder(shared, folder)
    const files = await readdir(place)
    expect(files).toHaveLength(1)
    expect(await readFile(join(place, files[0]!), 'utf8')).not.toMatch(/bread|awful/)
    await first.close()
    await second.close()
  })

  test('are not spoilt by a clock that jumps', async () => {
    let now = NOON
    const server = await openServer({ now: () => now })
    await score(server, makeTexts('bread', 200, 3))
    for (const jump of [1000 * 24 * HOUR, -2 * HOUR, 0]) {
      now = NOON + jump
      await server.context.drift.save()
      await score(server, makeTexts('bread', 100, 3, 10_000 + Math.abs(jump)))
      await server.context.drift.save()
    }
    const drift = await readDrift(server)
    expect(drift.posts).toBe(400)
    expect(Object.values(drift.mix?.now ?? {}).every(Number.isFinite)).toBe(true)
    await server.close()
  })

  test('leave out answers of another model than the one that is watched', async () => {
    const server = await openServer()
    const { classify } = server.engine
    server.engine.classify = async (...asked) =>
      (await classify(...asked)).map((outcome) => ('error' in outcome ? outcome : { ...outcome, model: 'test-2' }))
    await score(server, makeTexts('bread', 100, 3))
    expect((await readDrift(server)).posts).toBe(0)
    await server.close()
  })
})

describe('a window', () => {
  test('without posts, and of one post, is no verdict, and no metric of it is NaN', async () => {
    const server = await openServer()
    expect(await readDrift(server)).toMatchObject({ posts: 0, verdict: 'too_few' })
    await score(server, makeTexts('bread', 1, 3))
    expect(await readDrift(server)).toMatchObject({ posts: 1, verdict: 'too_few' })
    const metrics = (await server.app.inject({ url: '/metrics', headers: HOST })).body
    expect(metrics.split('\n').filter((line) => /^renown_drift.* (NaN|[+-]Inf)$/.test(line))).toEqual([])
    await server.close()
  })

  test('begins anew where another model comes to serve: what the one before said is not in it', async () => {
    const otherHome = await mkdtemp(join(tmpdir(), 'renown-drift-other-'))
    const other = await makeWatchedModel(otherHome, 'test-2')
    const server = await openServer()
    await score(server, makeTexts('bread', 300, 9))
    expect((await readDrift(server)).posts).toBe(300)
    const { engine, deployment } = server
    server.context.serving.set({ engine, folder: other, deployment })
    await server.context.drift.report()
    expect((await readDrift(server)).posts).toBe(0)
    const { classify } = engine
    engine.classify = async (...asked) =>
      (await classify(...asked)).map((outcome) => ('error' in outcome ? outcome : { ...outcome, model: 'test-2' }))
    await score(server, makeTexts('bread', 300, 0, 7000))
    const after = await readDrift(server)
    expect(after.posts).toBe(300)
    expect(after.mix?.now.negative).toBe(0)
    server.context.serving.set({ engine, folder, deployment })
    await server.context.drift.report()
    expect((await readDrift(server)).posts).toBe(300)
    await server.close()
    await rm(otherHome, { recursive: true, force: true })
  })
})

describe('texts to label', () => {
  async function readTexts(server: TestServer): Promise<TextsToLabel> {
    return (await server.app.inject({ url: '/api/v1/drift/texts', headers: HOST })).json()
  }

  async function label(server: TestServer, id: string, given: string): Promise<number> {
    const payload = { id, label: given }
    return (await server.app.inject({ method: 'POST', url: '/api/v1/drift/labels', headers: HOST, payload })).statusCode
  }

  test('are kept only where the settings allow it, and removed where they no longer do', async () => {
    const shared = await mkdtemp(join(tmpdir(), 'renown-drift-'))
    const kept = await openServer({ home: shared, labelSample: 'on' })
    await score(kept, makeTexts('bread', 400, 3))
    expect((await readTexts(kept)).texts).toHaveLength(10)
    await kept.context.drift.close()
    const place = watchFolder(shared, folder)
    expect((await readdir(place)).some((name) => name.startsWith('sample-'))).toBe(true)
    const off = await openServer({ home: shared })
    expect(await readTexts(off)).toEqual({ texts: [], waiting: 0 })
    expect((await readdir(place)).some((name) => name.startsWith('sample-'))).toBe(false)
    await kept.close()
    await off.close()
  })

  test('come without the answer; their labels give the accuracy with its interval', async () => {
    const server = await openServer({ labelSample: 'on' })
    await score(server, makeTexts('bread', 500, 3))
    for (let round = 0; round < 8; round++) {
      for (const item of (await readTexts(server)).texts) {
        expect(Object.keys(item).sort()).toEqual(['id', 'text'])
        const truth = item.text.includes('awful') ? 'negative' : item.text.includes('good') ? 'positive' : 'neutral'
        expect(await label(server, item.id, truth)).toBe(204)
        expect(await label(server, item.id, truth)).toBe(404)
      }
    }
    const drift = await readDrift(server)
    expect(drift.labelled).toBeGreaterThanOrEqual(40)
    expect(drift.sampled_accuracy?.value).toBeCloseTo(1, 9)
    expect(drift.sampled_accuracy?.high).toBe(1)
    expect(drift.sampled_accuracy?.low).toBeLessThan(0.99)
    await server.close()
  })

  test('may be left undecided, and unknown ones are refused', async () => {
    const server = await openServer({ labelSample: 'on' })
    await score(server, makeTexts('bread', 50, 3))
    const { texts, waiting } = await readTexts(server)
    expect(waiting).toBeGreaterThanOrEqual(10)
    expect(await label(server, texts[0]!.id, 'unsure')).toBe(204)
    expect((await readDrift(server)).labelled).toBe(0)
    expect(await label(server, 'no-such-text', 'neutral')).toBe(404)
    expect(await label(server, texts[1]!.id, 'angry')).toBe(422)
    await server.close()
  })
})

test('metrics tell the last verdict, and nothing that is not known', async () => {
  const server = await openServer()
  const scrape = async (): Promise<string> => (await server.app.inject({ url: '/metrics', headers: HOST })).body
  const before = await scrape()
  expect(before).toContain('renown_drift_verdict{verdict="too_few"} 1')
  expect(before).not.toMatch(/^renown_(estimated_accuracy_ratio|sampled_accuracy_ratio|drift_effect_ratio)\{/m)
  expect(before).not.toContain('NaN')
  await score(server, makeTexts('engine', 400, 3))
  await readDrift(server)
  const after = await scrape()
  expect(after).toContain('renown_drift_verdict{verdict="drift"} 1')
  expect(after).toContain('renown_drift_verdict{verdict="too_few"} 0')
  expect(after).toContain('renown_drift_window_posts 400')
  expect(after).toContain('renown_drift_retraining_suggested 1')
  expect(after).toMatch(/^renown_drift_effect_ratio\{feature="novelty"\} \d/m)
  expect(after).toMatch(/^renown_estimated_accuracy_ratio\{bound="low"\} 0\.\d+/m)
  await server.close()
})
