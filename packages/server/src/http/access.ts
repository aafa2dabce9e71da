// Who is asking, and what they may do.
import type { IncomingHttpHeaders } from 'node:http'
import { SCOPES, type Scope } from '@renown/contract'
import type { KeyRecord } from '../auth/key-file.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import type { RateLimiter } from '../auth/rate-limiter.ts'
import { readSessionCookie, type Sessions } from '../auth/sessions.ts'
import { ApiError } from '../errors.ts'
import { isForwarded } from './origins.ts'

/** `public` asks for nothing. */
export type RouteAccess = Scope | 'public'

export interface Identity {
  /** The key, or the session's key; null for who has none. */
  readonly key: KeyRecord | null
  readonly scopes: readonly Scope[]
  /** The session's token, where it was a session. */
  readonly session: string | null
}

const ANYTHING: Identity = { key: null, scopes: SCOPES, session: null }
const NOTHING: Identity = { key: null, scopes: [], session: null }

/** What a scope includes. */
const INCLUDED: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
}

export interface Caller {
  readonly headers: IncomingHttpHeaders
  readonly address: string
}

export interface Gate {
  /** Whether this request needs credentials. */
  isGuarded(headers: IncomingHttpHeaders): boolean
  /** Throws KEY_INVALID, RATE_LIMITED. */
  identify(caller: Caller): Identity
  /** Throws KEY_REQUIRED, KEY_INVALID, SCOPE_MISSING, RATE_LIMITED. */
  admit(caller: Caller, needed: Scope): void
}

export interface GateOptions {
  readonly keys: KeyRing
  readonly sessions: Sessions
  /** Whether requests of this machine need no credentials. */
  readonly open: boolean
  /** By key; null: no limit. */
  readonly perKey: RateLimiter | null
  /** By address: wrong credentials. */
  readonly failures: RateLimiter
}

export function createGate(options: GateOptions): Gate {
  const { keys, sessions, perKey } = options

  function isGuarded(headers: IncomingHttpHeaders): boolean {
    return !options.open || isForwarded(headers)
  }

  function identify({ headers, address }: Caller): Identity {
    if (headers.authorization !== undefined) return identifyKey(headers.authorization, address)
    const token = readSessionCookie(headers.cookie)
    const key = token === null ? null : sessions.find(token)
    if (key !== null) return { key, scopes: expandScopes(key.scopes), session: token }
    return isGuarded(headers) ? NOTHING : ANYTHING
  }

  function identifyKey(header: string, address: string): Identity {
    const [, presented] = /^Bearer +(\S+) *$/i.exec(header) ?? []
    const key = presented === undefined ? null : keys.verify(presented)
    if (key === null) throw failure(options.failures, address)
    return { key, scopes: expandScopes(key.scopes), session: null }
  }

  function admit(caller: Caller, needed: Scope): void {
    const identity = identify(caller)
    if (identity.key !== null && perKey !== null) limit(perKey, identity.key.id)
    if (identity.scopes.includes(needed)) return
    if (identity.key === null) throw new ApiError('KEY_REQUIRED', { headers: CHALLENGE })
    throw new ApiError('SCOPE_MISSING', { detail: `This needs a key with the scope "${needed}".` })
  }

  return { isGuarded, identify, admit }
}

const CHALLENGE: Readonly<Record<string, string>> = { 'www-authenticate': 'Bearer realm="renown"' }

/** What to throw where credentials are wrong: 401, or 429 where that address has been wrong too often. */
export function failure(failures: RateLimiter, address: string): ApiError {
  const seconds = failures.take(address)
  if (seconds > 0) return tooMany(seconds, 'Too many wrong credentials from this address.')
  return new ApiError('KEY_INVALID', { headers: CHALLENGE })
}

export function tooMany(seconds: number, detail: string): ApiError {
  return new ApiError('RATE_LIMITED', { detail, retryAfterSeconds: seconds })
}

function limit(limiter: RateLimiter, who: string): void {
  const seconds = limiter.take(who)
  if (seconds > 0) throw tooMany(seconds, 'This key has used up its requests for now.')
}

export function expandScopes(scopes: readonly Scope[]): readonly Scope[] {
  return SCOPES.filter((scope) => scopes.some((held) => INCLUDED[held].includes(scope)))
}
