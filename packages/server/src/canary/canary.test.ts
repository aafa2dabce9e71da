// The canary: quiet while answers stay, loud when they change, and not fooled by another model.
import type { ModelFolder } from '@renown/models'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { beforeEach, describe, expect, test } from 'vitest'
import type { SentimentEngine } from '../ports.ts'
import { createTestEngine, TEST_FOLDER, type TestEngine } from '../test-support.ts'
import { type Canary, createCanary } from './canary.ts'
import { createCanaryMetrics } from './canary-metrics.ts'
import { CANARY_POSTS } from './canary-posts.ts'

const NOW = 1_800_000_000_000
let registry: Registry
let engine: TestEngine
/** What is added to every probability of "negative" and taken from "positive". */
let shift = 0
let hash = 'a'
let folder: ModelFolder | null = null
let canary: Canary

beforeEach(() => {
  registry = new Registry()
  engine = createTestEngine()
  shift = 0
  hash = 'a'
  folder = null
  const shifted: SentimentEngine = {
    ...engine,
    model: () => ({ ...engine.model(), hash }),
    async classify(texts, options) {
      const outcomes = await engine.classify(texts, options)
      return outcomes.map((outcome) => {
        if ('error' in outcome) return outcome
        const { negative, neutral, positive } = outcome.scores
        return { ...outcome, scores: { negative: negative + shift, neutral, positive: positive - shift } }
      })
    },
  }
  const metrics = createCanaryMetrics(registry)
  canary = createCanary({
    engine: () => shifted,
    folder: () => folder,
    metrics,
    now: () => NOW,
    logger: pino({ level: 'silent' }),
  })
})

async function read(): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice('renown_canary_'.length, at), Number(line.slice(at + 1))]
    }),
  )
}

test('answers that stay are the same, and every post is asked for anew', async () => {
  for (let run = 0; run < 3; run++) await canary.run()
  expect(await read()).toEqual({
    'runs_total{result="same"}': 3,
    'runs_total{result="changed"}': 0,
    'runs_total{result="failed"}': 0,
    changed_posts: 0,
    difference_max_ratio: expect.closeTo(0, 4),
    last_run_timestamp_seconds: NOW / 1000,
  })
  expect(engine.seen).toHaveLength(3 * CANARY_POSTS.length)
})

test('what batches and threads make of it is no change', async () => {
  await canary.run()
  shift = 0.0003
  await canary.run()
  expect(await read()).toMatchObject({ 'runs_total{result="same"}': 2, changed_posts: 0 })
})

describe('answers that change', () => {
  test('are counted as long as they differ from the first ones of the same model', async () => {
    await canary.run()
    shift = 0.2
    await canary.run()
    await canary.run()
    const told = await read()
    expect(told).toMatchObject({ 'runs_total{result="changed"}': 2, changed_posts: CANARY_POSTS.length })
    expect(told.difference_max_ratio).toBeCloseTo(0.2, 9)
    shift = 0
    await canary.run()
    expect(await read()).toMatchObject({ changed_posts: 0 })
  })

  test('are expected of another model', async () => {
    await canary.run()
    shift = 0.2
    hash = 'b'
    await canary.run()
    expect(await read()).toMatchObject({ 'runs_total{result="same"}': 2, changed_posts: 0 })
  })

  test('are seen where they are no numbers', async () => {
    await canary.run()
    shift = Number.NaN
    await canary.run()
    expect(await read()).toMatchObject({ changed_posts: CANARY_POSTS.length, difference_max_ratio: 1 })
  })
})

describe('a model that records answers', () => {
  /** As "great" and "so so" are answered by the engine of the tests, in label order. */
  const probabilities = ['0.22500 0.22500 0.55000', '0.22500 0.55000 0.22500']
  const answers = {
    texts: ['great', 'so so'],
    files: [{ file: 'model.safetensors', encoding: 'float32', probabilities }],
  }

  test('is asked its own texts, and the first answers are compared already', async () => {
    folder = { ...TEST_FOLDER, hash, manifest: { ...TEST_FOLDER.manifest, answers } }
    await canary.run()
    expect(engine.seen).toEqual(answers.texts)
    expect(await read()).toMatchObject({ 'runs_total{result="same"}': 1, changed_posts: 0 })
    shift = 0.1
    await canary.run()
    expect(await read()).toMatchObject({ 'runs_total{result="changed"}': 1, changed_posts: 2 })
  })

  test('that is another one than serves is left alone', async () => {
    folder = { ...TEST_FOLDER, hash: 'other', manifest: { ...TEST_FOLDER.manifest, answers } }
    await canary.run()
    expect(engine.seen).toEqual(CANARY_POSTS)
  })
})

test('a run that fails is counted, and is no change', async () => {
  await canary.run()
  engine.failure = new Error('no worker')
  await canary.run()
  expect(await read()).toMatchObject({ 'runs_total{result="failed"}': 1, changed_posts: 0 })
})

test('nothing is asked once it is closed, and an interval of 0 asks nothing at all', async () => {
  canary.start(0)
  expect(engine.seen).toEqual([])
  canary.start(3600)
  await canary.close()
  expect(engine.seen).toHaveLength(CANARY_POSTS.length)
  await canary.run()
  expect(engine.seen).toHaveLength(CANARY_POSTS.length)
})
