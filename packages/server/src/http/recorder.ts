// One listener for each request: counts it and writes its line in the log.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { type HttpMetrics, UNMATCHED } from '../metrics/http-metrics.ts'
import { traceIdsOf } from '../tracing/trace-ids.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { CLIENT_GONE } from './problems.ts'

/** Routes whose every call would fill the log: only what fails is written. */
const QUIET: ReadonlySet<string> = new Set(['/predict', '/health/live', '/health/ready', '/metrics'])

export type Recorder = (request: FastifyRequest, reply: FastifyReply) => void

export function createRecorder(metrics: HttpMetrics, logger: Logger, tracing: Tracing | null): Recorder {
  return (request, reply) => {
    const started = performance.now()
    const trace = tracing?.begin(request, request.headers.traceparent)
    if (trace !== undefined) reply.header('traceparent', trace.traceparent)
    metrics.began()
    // 'close' comes once, also where the client went away before its answer.
    reply.raw.once('close', () => {
      const ms = performance.now() - started
      metrics.ended()
      const status = reply.raw.writableEnded ? reply.raw.statusCode : CLIENT_GONE
      const route = request.is404 ? null : (request.routeOptions.url ?? null)
      metrics.request(request.method, route, status, ms / 1000, trace?.isSampled ? trace.traceId : undefined)
      trace?.end(request.method, route ?? UNMATCHED, status, request.id)
      const level = chooseLevel(route, status)
      if (!logger.isLevelEnabled(level)) return
      const line = {
        request_id: request.id,
        ...traceIdsOf(request, reply),
        method: request.method,
        route: route ?? UNMATCHED,
        status,
        ms: round(ms),
      }
      logger[level](line, 'request')
    })
  }
}

function chooseLevel(route: string | null, status: number): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn'
  return route !== null && QUIET.has(route) ? 'debug' : 'info'
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
