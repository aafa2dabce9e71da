// Who is asking, and what they may do.
import type { IncomingHttpHeaders } from 'node:http'
import { SCOPES, type Scope } from '@renown/contract'
import type { FastifyRequest } from 'fastify'
import type { KeyRecord } from '../auth/key-file.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import { CHALLENGE, type RateLimits } from '../auth/rate-limits.ts'
import { SESSION_COOKIE, type Sessions } from '../auth/sessions.ts'
import { ApiError } from '../errors.ts'
import { isForwarded } from './origins.ts'

/** `public` asks for nothing. */
export type RouteAccess = Scope | 'public'

export interface Identity {
  /** The key, or the session's key; null for who has none. */
  readonly key: KeyRecord | null
  readonly scopes: readonly Scope[]
}

const ANYTHING: Identity = { key: null, scopes: SCOPES }
const NOTHING: Identity = { key: null, scopes: [] }

/** What a scope includes. */
const INCLUDED: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  deploy: ['read', 'deploy'],
  admin: SCOPES,
}

export interface Gate {
  /** Whether this request needs credentials. */
  isGuarded(headers: IncomingHttpHeaders): boolean
  /** Throws KEY_INVALID, RATE_LIMITED. */
  identify(request: FastifyRequest): Promise<Identity>
  /** Throws KEY_REQUIRED, KEY_INVALID, SCOPE_MISSING, RATE_LIMITED. */
  admit(request: FastifyRequest, needed: Scope): Promise<void>
}

export interface GateOptions {
  readonly keys: KeyRing
  readonly sessions: Sessions
  /** Whether requests of this machine need no credentials. */
  readonly open: boolean
  readonly limits: RateLimits
}

export function createGate(options: GateOptions): Gate {
  const { keys, sessions, limits } = options

  function isGuarded(headers: IncomingHttpHeaders): boolean {
    return !options.open || isForwarded(headers)
  }

  async function identify(request: FastifyRequest): Promise<Identity> {
    const { authorization } = request.headers
    const key = authorization === undefined ? findSession(request) : findKey(authorization)
    if (key !== null) return { key, scopes: expandScopes(key.scopes) }
    if (authorization !== undefined) throw await limits.countWrong(request)
    return isGuarded(request.headers) ? NOTHING : ANYTHING
  }

  function findKey(header: string): KeyRecord | null {
    const [, presented] = /^Bearer +(\S+) *$/i.exec(header) ?? []
    return presented === undefined ? null : keys.verify(presented)
  }

  function findSession({ cookies }: FastifyRequest): KeyRecord | null {
    const token = cookies[SESSION_COOKIE]
    return token === undefined ? null : sessions.find(token)
  }

  async function admit(request: FastifyRequest, needed: Scope): Promise<void> {
    const { key, scopes } = await identify(request)
    if (key !== null) await limits.countUse(request, key.id)
    if (scopes.includes(needed)) return
    if (key === null) throw new ApiError('KEY_REQUIRED', { headers: CHALLENGE })
    throw new ApiError('SCOPE_MISSING', { detail: `This needs a key with the scope "${needed}".` })
  }

  return { isGuarded, identify, admit }
}

export function expandScopes(scopes: readonly Scope[]): readonly Scope[] {
  return SCOPES.filter((scope) => scopes.some((held) => INCLUDED[held].includes(scope)))
}
