// Metrics of the engine and of its answers through swaps, silence and clocks that are set.

import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { createTestEngine } from '../test-support.ts'
import { createEngineMetrics } from './engine-metrics.ts'
import { renderRegistry } from './exposition.ts'
import { createHttpMetrics } from './http-metrics.ts'
import { createPredictionMetrics } from './prediction-metrics.ts'
import { createProcessMetrics } from './process-metrics.ts'

async function read(registry: Registry): Promise<ReadonlyMap<string, number>> {
  const lines = (await renderRegistry(registry, 'text')).split('\n').filter((line) => /^\w/.test(line))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

const QUEUE = { queuedTexts: 0, queuedTokens: 0, runningTokens: 0, boundTokens: 1000 }

function engineWith(version: string, hits: number, misses: number, peakTokens = 0, peakTexts = 0) {
  const engine = createTestEngine()
  return {
    ...engine,
    model: () => ({ ...engine.model(), version }),
    stats: () => ({ ...QUEUE, peakTexts, peakTokens, cache: { entries: 0, hits, misses } }),
  }
}

describe('a swap of the model between two scrapes', () => {
  test('leaves counters that go on, one model that serves, and the answers of both', async () => {
    const registry = new Registry()
    const predictions = createPredictionMetrics(registry)
    const metrics = createEngineMetrics(registry, predictions.announceModel)
    const served = (version: string) => engineWith(version, 0, 0).model()
    metrics.observer.loaded?.({ ...served('v1') }, 500)
    for (let count = 0; count < 10; count++) predictions.predicted({ label: 'positive', model: 'v1', score: 0.9 })
    metrics.refresh(engineWith('v1', 100, 50))
    metrics.observer.loaded?.({ ...served('v2') }, 700)
    // Answers of the old model still come in after the new one serves.
    predictions.predicted({ label: 'negative', model: 'v1', score: 0.6 })
    predictions.predicted({ label: 'negative', model: 'v2', score: 0.7 })
    metrics.refresh(engineWith('v2', 5, 20))
    const series = await read(registry)
    expect(series.get('renown_inference_cache_lookups_total{result="hit"}')).toBe(105)
    expect(series.get('renown_inference_cache_lookups_total{result="miss"}')).toBe(70)
    expect([...series.keys()].filter((name) => name.startsWith('renown_model_info'))).toEqual([
      expect.stringContaining('version="v2"'),
    ])
    expect(series.get('renown_model_loads_total{result="loaded"}')).toBe(2)
    const countOf = (label: string, model: string) =>
      series.get(`sentiment_analysis_predictions_total{label="${label}",model="${model}"}`)
    expect([countOf('positive', 'v1'), countOf('negative', 'v1'), countOf('negative', 'v2')]).toEqual([10, 1, 1])
    expect([countOf('neutral', 'v2'), countOf('positive', 'v2')]).toEqual([0, 0])
  })

  test('after swap is bounded: of a hundred models the last eight have series, and each counts from zero again', async () => {
    const registry = new Registry()
    const predictions = createPredictionMetrics(registry)
    for (let model = 0; model < 100; model++) {
      predictions.predicted({ label: 'neutral', model: `v${model}`, score: 0.5 })
    }
    predictions.predicted({ label: 'neutral', model: 'v0', score: 0.5 })
    const series = await read(registry)
    const names = [...series.keys()].filter((name) => name.startsWith('sentiment_analysis'))
    expect(names).toHaveLength(3 * 8)
    expect(series.get('sentiment_analysis_predictions_total{label="neutral",model="v0"}')).toBe(1)
    expect(series.size).toBe(3 * 8 * (1 + 11))
  })
})

test('before a model answers, nothing serves and nothing is measured', async () => {
  const registry = new Registry()
  createEngineMetrics(registry, () => {}).refresh(null)
  const series = await read(registry)
  expect(series.get('renown_inference_ready')).toBe(0)
  expect([...series.keys()].some((name) => name.startsWith('renown_model_info'))).toBe(false)
})

test('loads are counted by how they ended, each from zero on', async () => {
  const registry = new Registry()
  const metrics = createEngineMetrics(registry, () => {})
  const loads = async (): Promise<(number | undefined)[]> => {
    const series = await read(registry)
    return ['loaded', 'refused', 'failed'].map((result) => series.get(`renown_model_loads_total{result="${result}"}`))
  }
  expect(await loads()).toEqual([0, 0, 0])
  metrics.notLoaded('refused')
  metrics.notLoaded('failed')
  metrics.notLoaded('failed')
  metrics.observer.loaded?.(engineWith('v1', 0, 0).model(), 500)
  expect(await loads()).toEqual([1, 1, 2])
})

test('the highest queue stays for who comes seldom, whoever comes often', async () => {
  const registry = new Registry()
  const metrics = createEngineMetrics(registry, () => {})
  metrics.refresh(engineWith('v1', 0, 0, 640, 31))
  for (let scrape = 0; scrape < 20; scrape++) metrics.refresh(engineWith('v1', 0, 0, 0))
  const series = await read(registry)
  expect(series.get('renown_inference_peak_tokens')).toBe(640)
  expect(series.get('renown_inference_queue_peak_texts')).toBe(31)
})

test('without traffic, and after one request, everything is a number', async () => {
  const registry = new Registry()
  const http = createHttpMetrics(registry)
  const metrics = createEngineMetrics(registry, () => {})
  const processMetrics = createProcessMetrics(registry)
  http.announce({ method: 'POST', url: '/predict', statuses: [200, 504] })
  for (const batches of [0, 1]) {
    const report = { model: 'v1', texts: 1, sequences: 1, tokens: 0, rowTokens: 0, queueMs: 0, runMs: 0, marked: [] }
    for (let batch = 0; batch < batches; batch++) metrics.observer.batch?.(report)
    metrics.refresh(engineWith('v1', 0, 0))
    processMetrics.refresh()
    const series = await read(registry)
    expect([...series].filter(([, value]) => !Number.isFinite(value))).toEqual([])
    expect(series.get('renown_inference_batch_texts_count')).toBe(batches)
  }
  processMetrics.close()
})

test('a clock that is set back or ahead changes no duration and no counter', async () => {
  let clock = 1_700_000_000_000
  const registry = new Registry()
  const http = createHttpMetrics(registry)
  const processMetrics = createProcessMetrics(registry, () => clock)
  processMetrics.refresh()
  const before = await read(registry)
  for (const now of [1_600_000_000_000, 1_900_000_000_000]) {
    clock = now
    http.request('GET', '/health/live', 200, 0.002, 'a'.repeat(32))
    processMetrics.refresh()
  }
  const after = await read(registry)
  processMetrics.close()
  expect(after.get('http_requests_latency_seconds_sum{method="GET",handler="/health/live"}')).toBe(0.004)
  for (const name of [
    'process_start_time_seconds',
    'process_cpu_seconds_total',
    'renown_event_loop_busy_seconds_total',
  ]) {
    expect(after.get(name)).toBeGreaterThanOrEqual(before.get(name) ?? Number.NaN)
  }
  expect(after.get('process_start_time_seconds')).toBe(before.get('process_start_time_seconds'))
})
