// What /metrics says, judged by Prometheus itself, before and after traffic of every kind.
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestServer } from '../test-support.ts'
import { renderRegistry } from './exposition.ts'
import { createProcessMetrics } from './process-metrics.ts'
import { createTrainingMetrics } from './training-metrics.ts'

const isMissing = spawnSync('promtool', ['--version']).status !== 0
const title = isMissing ? 'promtool (skipped: there is no promtool on the PATH)' : 'promtool'

function check(text: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

describe.skipIf(isMissing)(title, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await openTestApp()
  })
  afterAll(async () => await server.close())

  async function scrape(): Promise<string> {
    return (await server.app.inject({ url: '/metrics', headers: { host: 'localhost' } })).body
  }

  test('finds nothing to say before the first request', async () => {
    expect(check(await scrape())).toEqual({ status: 0, said: '' })
  })

  test('nor after texts, refusals, unknown paths and models with the wildest versions', async () => {
    for (const text of ['great', 'awful', ' ', 'unreadable']) {
      await server.app.inject({ method: 'POST', url: '/predict', headers: { host: 'localhost' }, payload: { text } })
    }
    await server.app.inject({ url: '/"\n\\', headers: { host: 'localhost' } })
    const { predictionMetrics, engineMetrics } = server.context
    for (const model of ['"quoted"', 'a\nb\r\u2028c', '\\', 'x'.repeat(10_000), '{le="+Inf"} 1', '\ud800', '']) {
      predictionMetrics.predicted({ label: 'positive', model, score: 0.9 })
      engineMetrics.refresh({
        ...server.engine,
        model: () => ({ ...server.engine.model(), name: model, version: model }),
      })
    }
    const text = await scrape()
    expect(check(text)).toEqual({ status: 0, said: '' })
    expect(text.split('\n').every((line) => line.length < 500)).toBe(true)
  })

  test('nor of a training', async () => {
    const metrics = createTrainingMetrics({ name: 'a "run"\n', base: 'x'.repeat(10_000) })
    const processMetrics = createProcessMetrics(metrics.registry)
    const before = await renderRegistry(metrics.registry, 'text')
    expect(check(before)).toEqual({ status: 0, said: '' })
    expect(before).not.toContain('renown_training_loss 0')
    const numbers = { step: 1, total: 2, epoch: 0.5, examples: 8, tokens: 100 }
    metrics.updated({ ...numbers, loss: Number.NaN, gradNorm: Number.POSITIVE_INFINITY, learningRate: 1e-5 })
    metrics.evaluated({ loss: 0.5, accuracy: 0.7, macroRecall: 0.6, macroF1: 0.6 }, true)
    processMetrics.refresh()
    processMetrics.close()
    const after = await renderRegistry(metrics.registry, 'text')
    expect(check(after)).toEqual({ status: 0, said: '' })
    expect(after).toContain('renown_training_evaluation_ratio{metric="macro_recall"} 0.6\n')
    expect(after).not.toMatch(/nan/i)
  })
})
