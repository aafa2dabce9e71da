// A real Prometheus that scrapes a server every 100 ms: it takes all of it, exemplars too, and does no harm.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ListeningServer, openTestServer } from '../test-support.ts'
import { type Collector, startCollector } from '../tracing/testing/collector.ts'

const isMissing = spawnSync('prometheus', ['--version']).status !== 0
const title = isMissing ? 'Prometheus (skipped: there is no prometheus on the PATH)' : 'Prometheus'

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  const { port } = holder.address() as AddressInfo
  await new Promise((resolve) => holder.close(resolve))
  return port
}

describe.skipIf(isMissing)(title, () => {
  let folder: string
  let collector: Collector
  let server: ListeningServer
  let prometheus: ChildProcess
  let api: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'renown-prometheus-'))
    collector = await startCollector()
    server = await openTestServer({ config: { metricsPort: 0, tracesEndpoint: collector.url } })
    const target = new URL(server.server.metricsAddress ?? '').host
    const job = { job_name: 'renown', static_configs: [{ targets: [target] }] }
    const config = { global: { scrape_interval: '100ms', scrape_timeout: '100ms' }, scrape_configs: [job] }
    await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config))
    const port = await freePort()
    api = `http://127.0.0.1:${port}/api/v1`
    const flags = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ]
    prometheus = spawn('prometheus', flags, { stdio: 'ignore' })
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => prometheus.once('exit', resolve))
    prometheus.kill('SIGTERM')
    await ended
    await server.close()
    await collector.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function query(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown[]> {
    const answer = await fetch(`${api}/${path}?${new URLSearchParams(parameters)}`).catch(() => null)
    const { data } = ((await answer?.json()) ?? {}) as { data?: { result?: unknown[] } | unknown[] }
    return Array.isArray(data) ? data : (data?.result ?? [])
  }

  async function predict(): Promise<void> {
    await fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'great' }),
    })
  }

  test('takes every series and every exemplar', async () => {
    const ask = async (): Promise<unknown[]> => {
      await predict()
      const selector = 'http_requests_latency_seconds_bucket{handler="/predict"}'
      const window = { start: String(Date.now() / 1000 - 600), end: String(Date.now() / 1000 + 600) }
      return await query('query_exemplars', { query: selector, ...window })
    }
    await expect.poll(ask, { timeout: 60_000, interval: 200 }).not.toEqual([])
    expect(JSON.stringify(await ask())).toMatch(/"trace_id":"[0-9a-f]{32}"/)
    expect(await query('query', { query: 'count(count by (__name__) ({job="renown"})) > 60' })).toHaveLength(1)
    // A scrape that it can't read in full makes the target down.
    expect(await query('query', { query: 'max_over_time(up[1m]) == 1' })).toHaveLength(1)
  })

  test('sees rates, quantiles and ratios that are numbers', async () => {
    const rate = 'sum(rate(http_requests_total{handler="/predict",status="200"}[1m])) > 0'
    const ask = async (): Promise<unknown[]> => {
      await predict()
      return await query('query', { query: rate })
    }
    await expect.poll(ask, { timeout: 60_000 }).toHaveLength(1)
    for (const expression of [
      'histogram_quantile(0.99, sum by (le) (rate(http_requests_latency_seconds_bucket{handler="/predict"}[1m]))) > 0',
      'sum by (label) (increase(sentiment_analysis_predictions_total[1m])) >= 0',
      'sum(rate(http_requests_total{status=~"5.."}[1m])) / sum(rate(http_requests_total[1m])) == 0',
      'renown_inference_ready == 1',
    ]) {
      expect(await query('query', { query: expression }), expression).not.toEqual([])
    }
  })
})
