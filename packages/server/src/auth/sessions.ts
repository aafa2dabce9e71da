// The page's logins: random tokens that stand for a key, in memory, until they expire or the key is revoked.
import { createHash, randomBytes } from 'node:crypto'
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { KeyRecord } from './key-file.ts'
import type { KeyRing } from './key-ring.ts'

export const SESSION_COOKIE = 'renown_session'
const LIFETIME_MS = 12 * 3_600_000
const MOST_SESSIONS = 1000

/** Scripts can't read it, other sites can't send it; `auto`: Secure over https, as a trusted proxy says. */
export const SESSION_COOKIE_OPTIONS: CookieSerializeOptions = {
  path: '/',
  httpOnly: true,
  sameSite: 'strict',
  secure: 'auto',
  maxAge: LIFETIME_MS / 1000,
}

export interface Sessions {
  /** Starts a session for the key and returns its token. */
  open(key: KeyRecord): string
  /** The live key behind a token, or null. */
  find(token: string): KeyRecord | null
  end(token: string): void
}

export function createSessions(options: { readonly keys: KeyRing; readonly now: () => number }): Sessions {
  // By the token's hash: a dump of memory shows no token. A Map keeps the order of insertion: the oldest is first.
  const sessions = new Map<string, { readonly keyId: string; readonly expires: number }>()

  return {
    open(key) {
      const token = randomBytes(32).toString('base64url')
      const [oldest] = sessions.keys()
      if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest)
      sessions.set(hashToken(token), { keyId: key.id, expires: options.now() + LIFETIME_MS })
      return token
    },
    find(token) {
      const hash = hashToken(token)
      const session = sessions.get(hash)
      if (session === undefined) return null
      const key = session.expires > options.now() ? options.keys.find(session.keyId) : null
      if (key === null) sessions.delete(hash)
      return key
    },
    end(token) {
      sessions.delete(hashToken(token))
    },
  }
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
