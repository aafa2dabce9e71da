// /api/v1/session: the page's login, which exchanges a key for a cookie.
import { reference, type Session, type SessionRequest, SessionRequestSchema, SessionSchema } from '@renown/contract'
import type { FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import { readSessionCookie, renderEndedCookie, renderSessionCookie } from '../auth/sessions.ts'
import type { Context } from '../context.ts'
import { failure, tooMany } from '../http/access.ts'
import { answer, bodyProblems, needs, noContent, problems } from '../http/routes.ts'

const PATH = '/api/v1/session'
const TAGS = ['Session']

export function registerSession(app: App, context: Context): void {
  registerLogin(app, context)
  registerWho(app, context)
  registerLogout(app, context)
}

function registerLogin(app: App, { config, keys, sessions, failures }: Context): void {
  const schema = {
    operationId: 'logIn',
    summary: 'Exchange an API key for a session cookie',
    tags: TAGS,
    body: reference(SessionRequestSchema),
    'x-responses': { 204: noContent('The cookie is set.'), ...bodyProblems() },
  }
  const options = { schema, config: needs('public'), handlerTimeout: config.requestDeadline }
  app.post<{ Body: SessionRequest }>(PATH, options, async (request, reply) => {
    const wait = failures.wait(request.ip)
    if (wait > 0) throw tooMany(wait, 'Too many wrong keys from this address.')
    const key = keys.verify(request.body.key)
    if (key === null) throw failure(failures, request.ip)
    const cookie = renderSessionCookie(sessions.open(key), isSecure(request))
    return await reply.code(204).header('set-cookie', cookie).send()
  })
}

function registerWho(app: App, { gate }: Context): void {
  const schema = {
    operationId: 'getSession',
    summary: 'Who is asking',
    tags: TAGS,
    'x-responses': { 200: answer(SessionSchema, 'Who is asking, and whether they need to say so.'), ...problems() },
  }
  app.get(PATH, { schema, config: needs('public') }, async (request): Promise<Session> => {
    const { headers, ip } = request
    const identity = gate.identify({ headers, address: ip })
    return {
      authenticated: identity.key !== null,
      required: gate.isGuarded(headers),
      scopes: [...identity.scopes],
    }
  })
}

function registerLogout(app: App, { sessions }: Context): void {
  const schema = {
    operationId: 'logOut',
    summary: 'End the session',
    tags: TAGS,
    'x-responses': { 204: noContent('The session is over.'), ...problems('ORIGIN_REFUSED') },
  }
  app.delete(PATH, { schema, config: needs('public') }, async (request, reply) => {
    const token = readSessionCookie(request.headers.cookie)
    if (token !== null) sessions.end(token)
    return await reply
      .code(204)
      .header('set-cookie', renderEndedCookie(isSecure(request)))
      .send()
  })
}

/** https, as a trusted proxy says. */
function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https'
}
