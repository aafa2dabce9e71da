// Traces of a server with a real model, as a collector gets them: request, batch and run, and the ids everywhere else.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../config/read-config.ts'
import { type StartedServer, startServer } from '../start-server.ts'
import { openTestApp } from '../test-support.ts'
import { type Collector, type ReceivedSpan, startCollector } from './testing/collector.ts'

const MODEL = fileURLToPath(new URL('../../../ml/fixtures/tiny-bert', import.meta.url))
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

let home: string
let collector: Collector
let server: StartedServer
const log: Record<string, unknown>[] = []

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'renown-traces-'))
  collector = await startCollector()
  const flags = { home, port: 0, model: MODEL, threads: 1, tracesEndpoint: collector.url, canarySeconds: 0 }
  const write = (line: string): void => void log.push(JSON.parse(line))
  server = await startServer(readConfig({ flags }).config, { logger: pino({ level: 'debug' }, { write }) })
})
afterAll(async () => {
  await server.close()
  await collector.close()
  await rm(home, { recursive: true })
})

async function predict(text: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await fetch(`${server.address}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ text }),
  })
  await answer.text()
  return answer
}

function readAttribute({ attributes }: ReceivedSpan, name: string): unknown {
  return Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0]
}

/** The spans of a trace, once the request's has come. */
async function spansOf(traceId: string): Promise<readonly ReceivedSpan[]> {
  const find = (): readonly ReceivedSpan[] => collector.spans.filter((span) => span.traceId === traceId)
  await expect.poll(() => find().some(({ kind }) => kind === 2), { timeout: 60_000 }).toBe(true)
  return find()
}

describe('a request that is traced', () => {
  test('has a batch below it and a run below that, all within its time', async () => {
    const answer = await predict('a text that nobody sent before', { traceparent: `00-${TRACE}-${PARENT}-01` })
    const [, traceId, spanId] = answer.headers.get('traceparent')?.split('-') ?? []
    expect(traceId).toBe(TRACE)
    const spans = await spansOf(TRACE)
    expect(spans.map(({ name }) => name).sort()).toEqual(['POST /predict', 'batch', 'run'])
    const [request, batch, run] = ['POST /predict', 'batch', 'run'].map((name) =>
      spans.find((span) => span.name === name),
    ) as [ReceivedSpan, ReceivedSpan, ReceivedSpan]
    expect([request.spanId, request.parentSpanId]).toEqual([spanId, PARENT])
    expect([batch.parentSpanId, run.parentSpanId]).toEqual([request.spanId, batch.spanId])
    expect(readAttribute(request, 'http.response.status_code')).toBe('200')
    expect(readAttribute(request, 'renown.request.id')).toBe(answer.headers.get('x-request-id'))
    expect(readAttribute(batch, 'renown.batch.texts')).toBe('1')
    const times = [request, batch, run].flatMap((span) => [span.startTimeUnixNano, span.endTimeUnixNano].map(BigInt))
    const [start = 0n, end = 0n, batchStart = 0n, batchEnd = 0n, runStart = 0n, runEnd = 0n] = times
    expect([start <= batchStart, batchStart <= runStart, runStart <= runEnd]).toEqual([true, true, true])
    expect([runEnd <= batchEnd, batchEnd <= end]).toEqual([true, true])
    expect(Math.abs(Number(start / 1_000_000n) - Date.now())).toBeLessThan(600_000)
  })

  test('without a trace of its own gets one; one that came from the cache has no batch', async () => {
    const first = (await predict('the same twice')).headers.get('traceparent')?.split('-')[1] ?? ''
    const second = (await predict('the same twice')).headers.get('traceparent')?.split('-')[1] ?? ''
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(second).not.toBe(first)
    expect(await spansOf(first)).toHaveLength(3)
    expect(await spansOf(second)).toHaveLength(1)
  })

  test('whose sender keeps no trace is not kept here either', async () => {
    const trace = 'c'.repeat(32)
    const answer = await predict('not to be kept', { traceparent: `00-${trace}-${PARENT}-00` })
    expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`))
    await spansOf((await predict('kept')).headers.get('traceparent')?.split('-')[1] ?? '')
    expect(collector.spans.some(({ traceId }) => traceId === trace)).toBe(false)
  })

  test('has its ids in the log, and in the exemplar of its latency', async () => {
    const trace = 'd'.repeat(32)
    const answer = await predict(' ', { traceparent: `00-${trace}-${PARENT}-01` })
    expect(answer.status).toBe(422)
    await spansOf(trace)
    const spanId = answer.headers.get('traceparent')?.split('-')[2]
    expect(log.filter((line) => line.trace_id === trace)).toEqual([
      expect.objectContaining({ msg: 'request', span_id: spanId, request_id: answer.headers.get('x-request-id') }),
    ])
    const accept = { accept: 'application/openmetrics-text; version=1.0.0' }
    const metrics = await (await fetch(`${server.address}/metrics`, { headers: accept })).text()
    const exemplar =
      /^http_requests_latency_seconds_bucket\{.*handler="\/predict".*\} \d+ # \{trace_id="[0-9a-f]{32}"\} [\d.e-]+ \d+\.\d{3}$/m
    expect(metrics).toMatch(exemplar)
    const plain = await (await fetch(`${server.address}/metrics`)).text()
    expect(plain).not.toContain('trace_id')
    expect(plain).toMatch(/^renown_trace_spans_total\{outcome="sent"\} [1-9]/m)
    expect(plain).toContain('renown_trace_spans_total{outcome="failed"} 0\n')
  })

  test('texts of several requests that run together are in the trace of each', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => predict(`one of many, number ${index}`)))
    const batches = new Map<unknown, number>()
    for (const answer of answers) {
      const spans = await spansOf(answer.headers.get('traceparent')?.split('-')[1] ?? '')
      expect(spans.map(({ name }) => name).sort()).toEqual(['POST /predict', 'batch', 'run'])
      const id = readAttribute(spans.find(({ name }) => name === 'batch')!, 'renown.batch.id')
      batches.set(id, (batches.get(id) ?? 0) + 1)
    }
    expect(batches.size).toBeLessThan(30)
  })
})

test('where traces are off, nothing is said about them, and ids that come along still reach the log', async () => {
  const lines: string[] = []
  const app = await openTestApp({ log: lines })
  try {
    const answer = await app.app.inject({
      method: 'POST',
      url: '/predict',
      headers: { host: 'localhost', traceparent: `00-${TRACE}-${PARENT}-01` },
      payload: { text: 'great' },
    })
    expect(answer.headers.traceparent).toBeUndefined()
    expect(lines.some((line) => line.includes(`"trace_id":"${TRACE}"`))).toBe(true)
  } finally {
    await app.close()
  }
})
