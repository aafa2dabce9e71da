// The composition root: everything the server is made of, built once, by hand. Tests replace parts of it.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelFolder } from '@renown/models'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { type KeyRing, openKeyRing } from './auth/key-ring.ts'
import { createRateLimiter, type RateLimiter } from './auth/rate-limiter.ts'
import { createSessions, type Sessions } from './auth/sessions.ts'
import type { Config } from './config/settings.ts'
import { createGate, type Gate } from './http/access.ts'
import { isLoopbackAddress } from './http/hosts.ts'
import { createLogger } from './logs.ts'
import { createEngineMetrics, type EngineMetrics } from './metrics/engine-metrics.ts'
import { createHttpMetrics, type HttpMetrics } from './metrics/http-metrics.ts'
import { createProcessMetrics, type ProcessMetrics } from './metrics/process-metrics.ts'
import type { SentimentEngine } from './ports.ts'
import { createScorings, type Scorings } from './scorings/scorings.ts'

export interface Context {
  readonly config: Config
  readonly now: () => number
  readonly logger: Logger
  readonly registry: Registry
  readonly httpMetrics: HttpMetrics
  readonly engineMetrics: EngineMetrics
  readonly processMetrics: ProcessMetrics
  readonly engine: SentimentEngine
  /** The folder of the model that was loaded at the start. */
  readonly folder: ModelFolder
  readonly keys: KeyRing
  readonly sessions: Sessions
  readonly gate: Gate
  /** By address: wrong credentials. */
  readonly failures: RateLimiter
  readonly scorings: Scorings
  /** Where the built page lies. */
  readonly pageFolder: string
  /** True from the moment that the server is asked to stop. */
  isStopping(): boolean
  stop(): void
}

export interface Served {
  readonly engine: SentimentEngine
  readonly folder: ModelFolder
}

/** What can exist before the model is loaded: the engine reports to it while it loads. */
export interface Foundation {
  readonly config: Config
  readonly now: () => number
  readonly logger: Logger
  readonly registry: Registry
  readonly httpMetrics: HttpMetrics
  readonly engineMetrics: EngineMetrics
  readonly processMetrics: ProcessMetrics
  readonly keys: KeyRing
  readonly pageFolder: string
}

export type Overrides = Partial<Pick<Foundation, 'now' | 'logger' | 'pageFolder'>> & {
  /** Loads the model; the real engine unless given. */
  readonly serve?: (foundation: Foundation) => Promise<Served>
}

export function createFoundation(config: Config, overrides: Overrides = {}): Foundation {
  const now = overrides.now ?? Date.now
  const logger = overrides.logger ?? createLogger(config.logLevel)
  const registry = new Registry()
  const httpMetrics = createHttpMetrics(registry)
  const engineMetrics = createEngineMetrics(registry, httpMetrics.announceModel)
  const processMetrics = createProcessMetrics(registry)
  const onUnreadable = (err: unknown): void => logger.error({ err }, 'keys.json cannot be read: no key is valid')
  const keys = openKeyRing({ home: config.home, now, onUnreadable })
  const pageFolder = overrides.pageFolder ?? fileURLToPath(new URL('../../dashboard/dist/page', import.meta.url))
  return {
    config,
    now,
    logger,
    registry,
    httpMetrics,
    engineMetrics,
    processMetrics,
    keys,
    pageFolder: resolve(pageFolder),
  }
}

export async function createContext(foundation: Foundation, served: Served): Promise<Context> {
  const { config, now, keys, logger, httpMetrics, registry } = foundation
  const sessions = createSessions({ keys, now })
  const failures = createRateLimiter({ perSecond: 0.2, burst: 10 }, now)
  const rate = config.rateLimit
  const perKey = rate === 0 ? null : createRateLimiter({ perSecond: rate, burst: rate }, now)
  const gate = createGate({ keys, sessions, perKey, failures, open: isLoopbackAddress(config.host) })
  const scorings = await createScorings({ config, now, logger, registry, httpMetrics, classifier: served.engine })
  let stopping = false
  return {
    config,
    now,
    logger,
    registry,
    httpMetrics,
    engineMetrics: foundation.engineMetrics,
    processMetrics: foundation.processMetrics,
    ...served,
    keys,
    sessions,
    gate,
    failures,
    scorings,
    pageFolder: foundation.pageFolder,
    isStopping: () => stopping,
    stop() {
      stopping = true
    },
  }
}
