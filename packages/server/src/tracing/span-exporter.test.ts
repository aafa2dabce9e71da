// Spans on their way to a collector that answers, refuses, is slow or isn't there.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SpanOutcome } from '../metrics/trace-metrics.ts'
import type { Span } from './span.ts'
import { createSpanExporter, type SpanExporter } from './span-exporter.ts'
import { type Collector, startCollector } from './testing/collector.ts'

let collector: Collector
let counts: Record<SpanOutcome, number>
let troubles: string[]
beforeEach(async () => {
  collector = await startCollector()
  counts = { sent: 0, dropped: 0, failed: 0 }
  troubles = []
})
afterEach(async () => await collector.close())

function open(url: string = `${collector.url}/v1/traces`, timeoutMs = 60_000): SpanExporter {
  return createSpanExporter({
    url,
    resource: { 'service.name': 'renown' },
    count: (outcome, spans) => {
      counts[outcome] += spans
    },
    onTrouble: (reason) => troubles.push(reason),
    timeoutMs,
  })
}

function spanAt(index: number): Span {
  return {
    traceId: 'a'.repeat(32),
    spanId: String(index).padStart(16, '0'),
    parentId: index === 0 ? null : 'b'.repeat(16),
    name: 'batch',
    kind: 'internal',
    startMs: 1_700_000_000_000.25,
    endMs: 1_700_000_000_001.5,
    attributes: { text: 'x', count: 3, share: 0.5, is: true },
    isError: index === 1,
  }
}

test('each arrives once, in requests of a few hundred, as OTLP writes it', async () => {
  const exporter = open()
  for (let index = 0; index < 1000; index++) exporter.add(spanAt(index))
  await exporter.close()
  expect(counts).toEqual({ sent: 1000, dropped: 0, failed: 0 })
  expect(collector.requests.map(({ spans }) => spans)).toEqual([512, 488])
  expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', type: 'application/json' })
  expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(1000)
  expect(collector.resources[0]).toEqual([{ key: 'service.name', value: { stringValue: 'renown' } }])
  expect(collector.spans[1]).toEqual({
    traceId: 'a'.repeat(32),
    spanId: '0000000000000001',
    parentSpanId: 'b'.repeat(16),
    name: 'batch',
    kind: 1,
    startTimeUnixNano: '1700000000000250000',
    endTimeUnixNano: '1700000000001500000',
    attributes: [
      { key: 'text', value: { stringValue: 'x' } },
      { key: 'count', value: { intValue: '3' } },
      { key: 'share', value: { doubleValue: 0.5 } },
      { key: 'is', value: { boolValue: true } },
    ],
    status: { code: 2 },
  })
  expect(collector.spans[0]).not.toHaveProperty('parentSpanId')
})

test('a collector that asks for patience is tried again, one that refuses is not', async () => {
  const exporter = open()
  collector.answers.push(503, 429)
  exporter.add(spanAt(0))
  await exporter.close()
  expect(collector.requests).toHaveLength(3)
  expect(counts).toEqual({ sent: 1, dropped: 0, failed: 0 })
  const other = open()
  collector.answers.push(400)
  other.add(spanAt(0))
  await other.close()
  expect(collector.requests).toHaveLength(4)
  expect(counts.failed).toBe(1)
  expect(troubles).toEqual([`${collector.url}/v1/traces answered 400`])
})

test('one that is not there costs the spans, and is told once', async () => {
  const exporter = open('http://127.0.0.1:9/v1/traces')
  for (let index = 0; index < 1200; index++) exporter.add(spanAt(index))
  await exporter.close()
  expect(counts).toEqual({ sent: 0, dropped: 0, failed: 1200 })
  expect(troubles).toHaveLength(1)
})

test('one that never answers does not hold up the end', async () => {
  const exporter = open(collector.url, 1000)
  collector.answers.push(...Array.from({ length: 8 }, () => 0))
  for (let index = 0; index < 4000; index++) exporter.add(spanAt(index))
  await exporter.close()
  expect(counts).toEqual({ sent: 0, dropped: 0, failed: 4000 })
  expect(collector.requests.length).toBeLessThanOrEqual(1)
  expect(troubles).toHaveLength(1)
})

test('of more than can wait, the rest is dropped and counted', async () => {
  const exporter = open()
  for (let index = 0; index < 5000; index++) exporter.add(spanAt(index))
  await exporter.close()
  expect(counts).toEqual({ sent: 4096, dropped: 904, failed: 0 })
})
