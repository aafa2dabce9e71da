// The ids of a request's trace, for the lines that the log has about it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseTraceparent } from './trace-context.ts'

export interface TraceIds {
  readonly trace_id?: string
  readonly span_id?: string
}

/** Those that the answer carries where requests are traced here, otherwise those that came along; none where none did. */
export function traceIdsOf(request: FastifyRequest, reply: FastifyReply): TraceIds {
  const context = parseTraceparent(reply.getHeader('traceparent') ?? request.headers.traceparent)
  return context === null ? {} : { trace_id: context.traceId, span_id: context.spanId }
}
