// /api/v1/session: the page's login, which exchanges a key for a cookie.
import { reference, type Session, type SessionRequest, SessionRequestSchema, SessionSchema } from '@renown/contract'
import type { App } from '../app.ts'
import type { RateLimits } from '../auth/rate-limits.ts'
import { SESSION_COOKIE, SESSION_COOKIE_OPTIONS } from '../auth/sessions.ts'
import type { Context } from '../context.ts'
import type { Gate } from '../http/access.ts'
import { answer, bodyProblems, needs, noContent, problems } from '../http/routes.ts'

const PATH = '/api/v1/session'
const TAGS = ['Session']

export function registerSession(app: App, context: Context, gate: Gate, limits: RateLimits): void {
  registerLogin(app, context, limits)
  registerWho(app, gate)
  registerLogout(app, context)
}

function registerLogin(app: App, { config, keys, sessions }: Context, limits: RateLimits): void {
  const schema = {
    operationId: 'logIn',
    summary: 'Exchange an API key for a session cookie',
    tags: TAGS,
    body: reference(SessionRequestSchema),
    'x-responses': { 204: noContent('The cookie is set.'), ...bodyProblems() },
  }
  const options = { schema, config: needs('public'), handlerTimeout: config.requestDeadline }
  app.post<{ Body: SessionRequest }>(PATH, options, async (request, reply) => {
    await limits.checkAddress(request)
    const key = keys.verify(request.body.key)
    if (key === null) throw await limits.countWrong(request)
    return await reply.code(204).setCookie(SESSION_COOKIE, sessions.open(key), SESSION_COOKIE_OPTIONS).send()
  })
}

function registerWho(app: App, gate: Gate): void {
  const schema = {
    operationId: 'getSession',
    summary: 'Who is asking',
    tags: TAGS,
    'x-responses': { 200: answer(SessionSchema, 'Who is asking, and whether they need to say so.'), ...problems() },
  }
  app.get(PATH, { schema, config: needs('public') }, async (request): Promise<Session> => {
    const identity = await gate.identify(request)
    return {
      authenticated: identity.key !== null,
      required: gate.isGuarded(request.headers),
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
    const token = request.cookies[SESSION_COOKIE]
    if (token !== undefined) sessions.end(token)
    return await reply.code(204).clearCookie(SESSION_COOKIE, SESSION_COOKIE_OPTIONS).send()
  })
}
