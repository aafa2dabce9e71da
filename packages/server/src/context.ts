// The composition root: everything the server is made of, built once, by hand. The model comes last.
import type { ModelFolder } from '@renown/models'
import { createRateLimiter, type RateLimiter } from './auth/rate-limiter.ts'
import { createSessions, type Sessions } from './auth/sessions.ts'
import { ApiError } from './errors.ts'
import type { Foundation, Served } from './foundation.ts'
import { createGate, type Gate } from './http/access.ts'
import { isLoopbackAddress } from './http/hosts.ts'
import type { SentimentEngine } from './ports.ts'
import { createScorings, type Scorings } from './scorings/scorings.ts'

/** The model, from the moment that it answers. */
export interface Serving {
  /** Throws MODEL_NOT_READY until then. */
  readonly engine: SentimentEngine
  readonly folder: ModelFolder
  set(served: Served): void
}

export interface Context extends Foundation {
  readonly serving: Serving
  readonly sessions: Sessions
  readonly gate: Gate
  /** By address: wrong credentials. */
  readonly failures: RateLimiter
  readonly scorings: Scorings
  /** True from the moment that the server is asked to stop. */
  isStopping(): boolean
  stop(): void
}

export async function createContext(foundation: Foundation): Promise<Context> {
  const { config, now, keys } = foundation
  const serving = createServing()
  const sessions = createSessions({ keys, now })
  const failures = createRateLimiter({ perSecond: 0.2, burst: 10 }, now)
  const rate = config.rateLimit
  const perKey = rate === 0 ? null : createRateLimiter({ perSecond: rate, burst: rate }, now)
  const gate = createGate({ keys, sessions, perKey, failures, open: isLoopbackAddress(config.host) })
  const scorings = await createScorings({ ...foundation, engine: () => serving.engine })
  let stopping = false
  return {
    ...foundation,
    serving,
    sessions,
    gate,
    failures,
    scorings,
    isStopping: () => stopping,
    stop() {
      stopping = true
    },
  }
}

function createServing(): Serving {
  let current: Served | null = null
  function now(): Served {
    if (current === null) throw new ApiError('MODEL_NOT_READY', { retryAfterSeconds: 1 })
    return current
  }
  return {
    get engine() {
      return now().engine
    },
    get folder() {
      return now().folder
    },
    set(served) {
      current = served
    },
  }
}
