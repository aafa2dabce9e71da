// How a refusal leaves the server: status, headers, problem document, and what the sender is still sending.
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { PROBLEM_CONTENT_TYPE } from '@renown/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { ApiError } from '../errors.ts'
import { traceIdsOf } from '../tracing/trace-ids.ts'
import { buildProblem, toApiError } from './problems.ts'
import { DATA_HEADERS } from './security-headers.ts'

const DRAIN_BYTES = 32 * 2 ** 20
const DRAIN_MS = 3000

/** Answers with the problem of an error. */
export async function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): Promise<void> {
  const problem = chooseProblem(toApiError(error), request)
  const isGone = reply.raw.destroyed
  if (problem.status >= 500 && !(isGone && problem.code === 'DEADLINE_EXCEEDED'))
    logRefusal(problem, request, reply, logger)
  if (isGone) return
  const { headers, retryAfterSeconds } = problem.details
  if (headers !== undefined) reply.headers(headers)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  reply.headers(DATA_HEADERS).code(problem.status).type(PROBLEM_CONTENT_TYPE)
  const body = JSON.stringify(buildProblem(problem, request.id))
  // Who sends too slowly is not waited for.
  if (isArriving(request.raw))
    await sendAfterBody(body, request, reply, problem.code === 'REQUEST_TIMEOUT' ? 0 : DRAIN_MS)
  else reply.send(body)
}

/** Whether the sender is still sending. A request that was injected has no `complete`. */
function isArriving(request: IncomingMessage): boolean {
  return request.complete === false && !request.readableEnded
}

/** Past Fastify, whose deadline would answer a second time in the meantime. */
async function sendAfterBody(body: string, request: FastifyRequest, reply: FastifyReply, ms: number): Promise<void> {
  reply.hijack()
  if (ms > 0) await drain(request.raw, ms)
  const { raw } = reply
  if (raw.destroyed || raw.headersSent) return
  const end = isArriving(request.raw) ? { connection: 'close' } : {}
  const headers = { ...reply.getHeaders(), 'content-length': Buffer.byteLength(body), ...end }
  raw.writeHead(reply.statusCode, headers as OutgoingHttpHeaders)
  raw.end(body)
}

/** A deadline that passed while the body was still on its way is the sender's. */
function chooseProblem(problem: ApiError, request: FastifyRequest): ApiError {
  if (problem.code !== 'DEADLINE_EXCEEDED' || !isArriving(request.raw)) return problem
  return new ApiError('REQUEST_TIMEOUT', { cause: problem.details.cause })
}

// The message and stack of what nobody foresaw; never the request, which may hold a post.
function logRefusal(problem: ApiError, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const ids = { request_id: request.id, ...traceIdsOf(request, reply) }
  const line = { ...ids, code: problem.code, route: request.routeOptions.url ?? 'unmatched' }
  if (problem.code === 'INTERNAL') logger.error({ ...line, err: problem.details.cause ?? problem }, 'request failed')
  else logger.warn(line, 'request refused')
}

/**
 * Takes in what is still being sent, within bounds: a connection that is closed in the face of a sender makes most
 * clients report a broken pipe instead of the answer.
 */
async function drain(request: IncomingMessage, ms: number): Promise<void> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > DRAIN_BYTES) return
  await new Promise<void>((resolve) => {
    let bytes = 0
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      request.off('data', count).off('end', done).off('close', done)
      resolve()
    }
    function count(chunk: Buffer): void {
      bytes += chunk.length
      if (bytes > DRAIN_BYTES) done()
    }
    request.on('data', count).once('end', done).once('close', done)
    request.resume()
  })
}
