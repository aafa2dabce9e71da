// What happens to a request before its route: identity, headers, names, origins, credentials.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Gate } from './access.ts'
import { createHostCheck, isLoopbackAddress } from './hosts.ts'
import { corsHeaders, isForeign, PREFLIGHT_HEADERS } from './origins.ts'
import type { Recorder } from './recorder.ts'
import { accessOf } from './routes.ts'
import { DATA_HEADERS, HTTPS_HEADERS } from './security-headers.ts'

/** The one hook that every request passes, unknown addresses too. */
export function createAdmission(
  context: Context,
  gate: Gate,
  record: Recorder,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  const { config } = context
  const isOpen = !isLoopbackAddress(config.host) && config.allowedHosts.length === 0
  const answersTo = createHostCheck({ allowed: config.allowedHosts, open: isOpen })

  async function check(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { headers, method } = request
    if (context.isStopping())
      throw new ApiError('SHUTTING_DOWN', { headers: { connection: 'close' }, retryAfterSeconds: 5 })
    if (!answersTo(hostOf(request))) throw new ApiError('HOST_REFUSED')
    const cors = corsHeaders(headers.origin, config.corsOrigins)
    if (cors !== null) reply.headers(cors)
    if (isForeign(method, headers, config.corsOrigins)) throw new ApiError('ORIGIN_REFUSED')
    if (cors !== null && isPreflight(request)) return
    refuseEncodedBody(headers['content-encoding'])
    const access = accessOf(request)
    if (access !== 'public') await gate.admit(request, access)
  }

  return async (request, reply) => {
    record(request, reply)
    reply.headers(DATA_HEADERS)
    reply.header('x-request-id', request.id)
    if (config.trustProxy.length > 0 && request.protocol === 'https') reply.headers(HTTPS_HEADERS)
    await check(request, reply)
    if (!isPreflight(request) || !reply.hasHeader('access-control-allow-origin')) return undefined
    return await reply.code(204).headers(PREFLIGHT_HEADERS).send()
  }
}

/** Unpacked, a body could be any size; read as it is, it would be called invalid JSON. */
function refuseEncodedBody(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return
  throw new ApiError('CONTENT_TYPE_UNSUPPORTED', {
    detail:
      'Send the body as it is, without Content-Encoding. A gzipped file may be uploaded: it is unpacked when it is read.',
    headers: { 'accept-encoding': 'identity' },
  })
}

/** The name that the request is for: an address in full says it before the header does (RFC 9112, 3.2.2). */
function hostOf({ raw, headers }: FastifyRequest): string | undefined {
  const url = raw.url ?? ''
  if (url.startsWith('/') || url === '*') return headers.host
  return /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? ''
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}
