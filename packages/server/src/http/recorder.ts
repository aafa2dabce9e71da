// One listener for each request: counts it and writes its line in the log.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { HttpMetrics } from '../metrics/http-metrics.ts'
import { CLIENT_GONE } from './problems.ts'

/** Routes whose every call would fill the log: only what fails is written. */
const QUIET: ReadonlySet<string> = new Set(['/predict', '/health/live', '/health/ready', '/metrics'])

export type Recorder = (request: FastifyRequest, reply: FastifyReply) => void

export function createRecorder(metrics: HttpMetrics, logger: Logger): Recorder {
  return (request, reply) => {
    const started = performance.now()
    metrics.began()
    // 'close' comes once, also where the client went away before its answer.
    reply.raw.once('close', () => {
      const ms = performance.now() - started
      metrics.ended()
      const status = reply.raw.writableEnded ? reply.raw.statusCode : CLIENT_GONE
      const route = request.is404 ? null : (request.routeOptions.url ?? null)
      metrics.request(request.method, route, status, ms / 1000)
      const level = chooseLevel(route, status)
      if (!logger.isLevelEnabled(level)) return
      const line = {
        request_id: request.id,
        method: request.method,
        route: route ?? 'unmatched',
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
