// How a refusal leaves the server: status, headers, problem document, and what the sender is still sending.
import type { IncomingMessage } from 'node:http'
import { PROBLEM_CONTENT_TYPE } from '@renown/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { ApiError } from '../errors.ts'
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
  if (problem.status >= 500) logRefusal(problem, request, logger)
  if (reply.raw.destroyed) return
  if (!request.raw.complete) await drain(request.raw)
  const { headers, retryAfterSeconds } = problem.details
  if (headers !== undefined) reply.headers(headers)
  if (retryAfterSeconds !== null && retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  if (!request.raw.complete) reply.header('connection', 'close')
  reply.headers(DATA_HEADERS).code(problem.status).type(PROBLEM_CONTENT_TYPE)
  reply.send(JSON.stringify(buildProblem(problem, request.id)))
}

/** A deadline that passed while the body was still on its way is the sender's. */
function chooseProblem(problem: ApiError, request: FastifyRequest): ApiError {
  if (problem.code !== 'DEADLINE_EXCEEDED' || request.raw.complete) return problem
  return new ApiError('REQUEST_TIMEOUT', { cause: problem.details.cause })
}

// The message and stack of what nobody foresaw; never the request, which may hold a post.
function logRefusal(problem: ApiError, request: FastifyRequest, logger: Logger): void {
  const line = { request_id: request.id, code: problem.code, route: request.routeOptions.url ?? 'unmatched' }
  if (problem.code === 'INTERNAL') logger.error({ ...line, err: problem.details.cause ?? problem }, 'request failed')
  else logger.warn(line, 'request refused')
}

/**
 * Takes in what is still being sent, within bounds: a connection that is closed in the face of a sender makes most
 * clients report a broken pipe instead of the answer.
 */
async function drain(request: IncomingMessage): Promise<void> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > DRAIN_BYTES) return
  await new Promise<void>((resolve) => {
    let bytes = 0
    const timer = setTimeout(done, DRAIN_MS)
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
