// How often a key may ask, and how often an address may be wrong.
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'

/** Wrong credentials of one address; of IPv6, of one /64. `cache`: how many addresses are remembered. */
const WRONG = { global: false, max: 10, timeWindow: 50_000, cache: 10_000 } as const
const USE_WINDOW_MS = 1000
const KEY_ID = 'limitedKeyId'

export interface RateLimits {
  /** Counts a request of a key. Throws RATE_LIMITED. */
  countUse(request: FastifyRequest, keyId: string): Promise<void>
  /** Counts wrong credentials; what to throw: KEY_INVALID, or RATE_LIMITED where the address has been wrong too often. */
  countWrong(request: FastifyRequest): Promise<ApiError>
  /** Throws RATE_LIMITED where the address has been wrong too often. */
  checkAddress(request: FastifyRequest): Promise<void>
}

/** `perSecond`: requests of each key; 0: no limit. */
export async function createRateLimits(
  app: Pick<FastifyInstance, 'register' | 'createRateLimit' | 'decorateRequest'>,
  perSecond: number,
): Promise<RateLimits> {
  await app.register(rateLimit, WRONG)
  app.decorateRequest(KEY_ID, '')
  const wrong = app.createRateLimit()
  const uses = app.createRateLimit({
    max: perSecond,
    timeWindow: USE_WINDOW_MS,
    keyGenerator: (request) => request.getDecorator<string>(KEY_ID),
  })

  return {
    async countUse(request, keyId) {
      if (perSecond === 0) return
      request.setDecorator(KEY_ID, keyId)
      const use = await uses(request)
      if (!use.isAllowed && use.isExceeded)
        throw tooMany(use.ttlInSeconds, 'This key has used up its requests for now.')
    },
    async countWrong(request) {
      const count = await wrong(request)
      if (count.isAllowed || !count.isExceeded) return new ApiError('KEY_INVALID', { headers: CHALLENGE })
      return tooMany(count.ttlInSeconds, 'Too many wrong credentials from this address.')
    },
    async checkAddress(request) {
      const count = await wrong(request, { increment: false })
      if (count.isAllowed || count.remaining > 0) return
      throw tooMany(count.ttlInSeconds, 'Too many wrong keys from this address.')
    },
  }
}

/** What a 401 asks for. */
export const CHALLENGE: Readonly<Record<string, string>> = { 'www-authenticate': 'Bearer realm="renown"' }

function tooMany(seconds: number, detail: string): ApiError {
  return new ApiError('RATE_LIMITED', { detail, retryAfterSeconds: Math.max(1, seconds) })
}
