// What becomes of the spans of traces, where there are any.
import type { Registry } from 'prom-client'
import { SeriesCounter } from './series.ts'

const OUTCOMES = ['sent', 'dropped', 'failed'] as const

/** Dropped: too many waited. Failed: the collector didn't take them. */
export type SpanOutcome = (typeof OUTCOMES)[number]

export interface TraceMetrics {
  spans(outcome: SpanOutcome, count: number): void
}

export function createTraceMetrics(registry: Registry): TraceMetrics {
  const spans = new SeriesCounter({
    name: 'renown_trace_spans_total',
    help: 'Spans of traces: sent to the collector, dropped where too many waited, failed where it did not take them.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  for (const outcome of OUTCOMES) spans.at({ outcome })
  return { spans: (outcome, count) => spans.at({ outcome }).add(count) }
}
