// What is refused before there is a request: broken bytes on the socket, and expectations that nobody can meet.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type ApiErrorCode, PROBLEM_CONTENT_TYPE } from '@renown/contract'
import { ApiError, codeOf } from '../errors.ts'
import { buildProblem, toApiError } from './problems.ts'
import { DATA_HEADERS } from './security-headers.ts'

export type CountRefusal = (status: number) => void

/** For Fastify's `clientErrorHandler`. */
export function createClientErrorHandler(count: CountRefusal): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    if (codeOf(error) === 'ECONNRESET' || socket.destroyed) return
    const problem = new ApiError(chooseCode(error))
    count(problem.status)
    if (socket.writable && !hasAnswered(socket)) socket.end(renderRaw(problem))
    else socket.destroy()
  }
}

function chooseCode(error: Error): ApiErrorCode {
  const { code } = toApiError(error)
  if (code === 'HEADERS_TOO_LARGE') return isLongUrl(error) ? 'URL_TOO_LONG' : code
  return code === 'REQUEST_TIMEOUT' ? code : 'INVALID_REQUEST'
}

/** The parser counts the address among the headers; what it had read tells which of them was too long. */
function isLongUrl(error: Error): boolean {
  const packet: unknown = 'rawPacket' in error ? error.rawPacket : null
  return packet instanceof Buffer && packet.length > 0 && packet.indexOf('\r\n') === -1
}

// A response that is under way on this connection must not be cut in two by ours.
function hasAnswered(socket: Socket): boolean {
  const response: unknown = '_httpMessage' in socket ? socket._httpMessage : null
  return typeof response === 'object' && response !== null && 'headersSent' in response && response.headersSent === true
}

function renderRaw(error: ApiError): string {
  const body = JSON.stringify(buildProblem(error))
  const headers = {
    ...DATA_HEADERS,
    'content-type': PROBLEM_CONTENT_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join('')}\r\n${body}`
}

/** For the server's `checkExpectation` event. */
export function createExpectationHandler(
  count: CountRefusal,
): (request: IncomingMessage, reply: ServerResponse) => void {
  return (_request, reply) => {
    const error = new ApiError('EXPECTATION_FAILED')
    count(error.status)
    const body = JSON.stringify(buildProblem(error))
    reply.writeHead(error.status, {
      ...DATA_HEADERS,
      'content-type': PROBLEM_CONTENT_TYPE,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    reply.end(body)
  }
}
