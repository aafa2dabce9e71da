// Traces of requests: each has a span, and one below it for every batch that computes its texts, with the run below that.
import { randomFillSync } from 'node:crypto'
import type { BatchReport } from '@renown/inference'
import type { Span } from './span.ts'
import { parseTraceparent, renderTraceparent, type TraceContext } from './trace-context.ts'

/** A request that is traced. */
export interface RequestTrace extends TraceContext {
  /** As the answer's header says it, and as the next system is to be told. */
  readonly traceparent: string
  /** The answer is out, or nobody waits for it any more. */
  end(method: string, route: string, status: number, requestId: string): void
}

export interface Tracing {
  /** By the traceparent header that came along, if any did. */
  begin(request: object, traceparent: unknown): RequestTrace
  /** The trace of a request that is sampled; goes along with its texts. */
  markOf(request: object): object | undefined
  /** For the engine's observer. */
  batch(report: BatchReport): void
}

export interface TracingOptions {
  readonly emit: (span: Span) => void
  /** Share of the traces that are decided on here and kept. */
  readonly ratio: number
  /** Whether those that come along are kept as their header says; otherwise they are decided on here too. */
  readonly followsParent: boolean
}

/** Where a request stands in its trace, and when it began by both clocks: one may be set while it runs. */
interface Mark extends TraceContext {
  readonly wallMs: number
  readonly monotonicMs: number
}

export function createTracing({ emit, ratio, followsParent }: TracingOptions): Tracing {
  const createId = createIds()
  const marks = new WeakMap<object, Mark>()

  function begin(request: object, traceparent: unknown): RequestTrace {
    const parent = parseTraceparent(traceparent)
    const traceId = parent?.traceId ?? createId(16)
    const isSampled = (followsParent ? parent?.isSampled : undefined) ?? isKept(traceId, ratio)
    const mark = { traceId, spanId: createId(8), isSampled, wallMs: Date.now(), monotonicMs: performance.now() }
    if (isSampled) marks.set(request, mark)
    return {
      traceId,
      spanId: mark.spanId,
      isSampled,
      traceparent: renderTraceparent(mark),
      end(method, route, status, requestId) {
        if (!isSampled) return
        const endMs = toWall(mark, performance.now())
        const parentId = parent?.spanId ?? null
        const { spanId, wallMs: startMs } = mark
        emit({
          ...{ traceId, spanId, parentId, startMs, endMs },
          name: `${method} ${route}`,
          kind: 'server',
          attributes: {
            'http.request.method': method,
            'http.route': route,
            'http.response.status_code': status,
            'renown.request.id': requestId,
          },
          isError: status >= 500,
        })
      },
    }
  }

  function addBatch(mark: Mark, queuedAt: number, now: number, batchId: string, report: BatchReport): void {
    const spanId = createId(8)
    const { model, texts, sequences, tokens, rowTokens, runMs } = report
    const common = { traceId: mark.traceId, kind: 'internal', endMs: toWall(mark, now), isError: false } as const
    emit({
      ...common,
      spanId,
      parentId: mark.spanId,
      name: 'batch',
      startMs: toWall(mark, queuedAt),
      attributes: { 'renown.batch.id': batchId, 'renown.model.version': model, 'renown.batch.texts': texts },
    })
    emit({
      ...common,
      spanId: createId(8),
      parentId: spanId,
      name: 'run',
      startMs: toWall(mark, now - runMs),
      attributes: {
        'renown.batch.sequences': sequences,
        'renown.batch.tokens': tokens,
        'renown.batch.padding_ratio': rowTokens === 0 ? 0 : 1 - tokens / rowTokens,
      },
    })
  }

  return {
    begin,
    markOf: (request) => marks.get(request),
    batch(report) {
      if (report.marked.length === 0) return
      const now = performance.now()
      const batchId = createId(8)
      // Only marks of ours were handed in.
      for (const { mark, queuedAt } of report.marked) addBatch(mark as Mark, queuedAt, now, batchId, report)
    },
  }
}

function toWall({ wallMs, monotonicMs }: Mark, ms: number): number {
  return wallMs + (ms - monotonicMs)
}

/** By the id itself, so that every system that asks keeps the same ones (as TraceIdRatioBased does). */
function isKept(traceId: string, ratio: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < ratio * 2 ** 32
}

const POOL_BYTES = 4096

/** Random hexadecimal ids, never all zero; the system is asked for many bytes at once. */
function createIds(): (bytes: number) => string {
  const pool = Buffer.alloc(POOL_BYTES)
  let position = POOL_BYTES
  return function next(bytes: number): string {
    if (position + bytes > POOL_BYTES) {
      randomFillSync(pool)
      position = 0
    }
    const id = pool.toString('hex', position, position + bytes)
    position += bytes
    return /[^0]/.test(id) ? id : next(bytes)
  }
}
