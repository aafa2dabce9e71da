// What /metrics says before and after requests.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestServer } from '../test-support.ts'

let server: TestServer
beforeAll(async () => {
  server = await openTestApp()
})
afterAll(async () => await server.close())

async function scrape(): Promise<string> {
  return (await server.app.inject({ url: '/metrics', headers: { host: 'localhost' } })).body
}

function readSeries(text: string, series: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? null : Number(line.slice(series.length + 1))
}

describe('before the first request', () => {
  test('there are fewer than a thousand series, one line each', async () => {
    const lines = (await scrape()).split('\n').filter((line) => /^\w/.test(line))
    expect(lines.length).toBeLessThan(1000)
    expect(new Set(lines.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(lines.length)
  })

  test('neither HEAD nor the files of the documentation have series of their own', async () => {
    const text = await scrape()
    expect(text).not.toContain('method="HEAD"')
    const handlers = new Set([...text.matchAll(/handler="([^"]*)"/g)].map(([, handler]) => handler))
    expect([...handlers].filter((handler) => handler?.startsWith('/docs')).sort()).toEqual(['/docs', '/docs/*'])
  })

  test('the statuses that matter have their series', async () => {
    const text = await scrape()
    for (const label of ['negative', 'neutral', 'positive']) {
      expect(readSeries(text, `sentiment_analysis_predictions_total{label="${label}",model="test-1"}`)).toBe(0)
    }
    for (const handler of ['/predict', '/predict/batch']) {
      for (const status of [200, 400, 401, 422, 429, 500, 503, 504]) {
        expect(readSeries(text, `http_requests_total{method="POST",handler="${handler}",status="${status}"}`)).toBe(0)
      }
    }
    expect(readSeries(text, 'http_requests_total{method="POST",handler="/api/v1/scorings",status="202"}')).toBe(0)
    expect(readSeries(text, 'http_requests_total{method="DELETE",handler="/api/v1/session",status="204"}')).toBe(0)
    expect(readSeries(text, 'http_requests_latency_seconds_count{method="POST",handler="/predict"}')).toBe(0)
    expect(readSeries(text, 'renown_inference_rejected_total{reason="overloaded"}')).toBe(0)
    expect(readSeries(text, 'renown_inference_cache_lookups_total{result="hit"}')).toBe(0)
    expect(readSeries(text, 'renown_scorings{status="running"}')).toBe(0)
    expect(readSeries(text, 'renown_scoring_rows_total{outcome="scored"}')).toBe(0)
    expect(readSeries(text, 'renown_inference_ready')).toBe(1)
  })
})

describe('after requests', () => {
  test('each is counted once, by route, exact status and label', async () => {
    for (const text of ['great', 'great', 'awful', ' ']) {
      await server.app.inject({ method: 'POST', url: '/predict', headers: { host: 'localhost' }, payload: { text } })
    }
    await server.app.inject({
      method: 'POST',
      url: '/predict/batch',
      headers: { host: 'localhost' },
      payload: { texts: ['great', 'so so', ''] },
    })
    const text = await scrape()
    expect(readSeries(text, 'http_requests_total{method="POST",handler="/predict",status="200"}')).toBe(3)
    expect(readSeries(text, 'http_requests_total{method="POST",handler="/predict",status="422"}')).toBe(1)
    expect(readSeries(text, 'http_requests_total{method="POST",handler="/predict/batch",status="200"}')).toBe(1)
    expect(readSeries(text, 'http_requests_latency_seconds_count{method="POST",handler="/predict"}')).toBe(4)
    const predictions = ['negative', 'neutral', 'positive'].map((label) =>
      readSeries(text, `sentiment_analysis_predictions_total{label="${label}",model="test-1"}`),
    )
    expect(predictions).toEqual([1, 1, 3])
    expect(readSeries(text, 'renown_inference_cache_lookups_total{result="hit"}')).toBe(2)
  })

  test('what was not expected has its series from then on', async () => {
    await server.app.inject({ method: 'HEAD', url: '/metrics', headers: { host: 'localhost' } })
    await server.app.inject({ url: '/docs/static/swagger-ui.css', headers: { host: 'localhost' } })
    await server.app.inject({ url: '/docs/errors', headers: { host: 'localhost' } })
    const text = await scrape()
    expect(readSeries(text, 'http_requests_total{method="HEAD",handler="/metrics",status="200"}')).toBe(1)
    expect(readSeries(text, 'http_requests_total{method="GET",handler="/docs/*",status="200"}')).toBe(2)
  })

  test('what anybody may make up does not become a label', async () => {
    for (const url of ['/a', '/b', '/api/v1/scorings/x', '/api/v1/scorings/y']) {
      await server.app.inject({ url, headers: { host: 'localhost' } })
    }
    await server.app.inject({ method: 'PROPFIND' as 'GET', url: '/c', headers: { host: 'localhost' } })
    const text = await scrape()
    const handlers = new Set([...text.matchAll(/handler="([^"]*)"/g)].map(([, handler]) => handler))
    for (const made of ['/a', '/b', '/c', '/api/v1/scorings/x']) expect(handlers).not.toContain(made)
    expect(readSeries(text, 'http_requests_total{method="GET",handler="unmatched",status="404"}')).toBe(2)
    expect(readSeries(text, 'http_requests_total{method="GET",handler="/api/v1/scorings/:id",status="404"}')).toBe(2)
    expect(readSeries(text, 'http_requests_total{method="OTHER",handler="unmatched",status="404"}')).toBe(1)
  })
})

test('names, units and suffixes are as Prometheus wants them', async () => {
  const lines = (await scrape()).split('\n')
  const types = lines.flatMap((line) => {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
    return name === undefined || type === undefined ? [] : [{ name, type }]
  })
  expect(types.length).toBeGreaterThan(20)
  for (const { name, type } of types) {
    expect(name).toMatch(/^(http|sentiment_analysis|renown|process)_[a-z0-9_]+$/)
    expect([name, /_total$/.test(name)]).toEqual([name, type === 'counter'])
    expect(name).not.toMatch(/_(count|sum|bucket|ms|milliseconds|minutes|kb|mb|percent)$/)
    expect(lines.filter((line) => line.startsWith(`# HELP ${name} `))).toHaveLength(1)
  }
})
