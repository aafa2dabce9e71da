// What exists before the model is loaded, and what the engine reports to while it loads. Light, so that loading starts at once.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelFolder } from '@renown/models/serving'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { type KeyRing, openKeyRing } from './auth/key-ring.ts'
import type { Config } from './config/settings.ts'
import type { Deployment } from './deployment/status.ts'
import { createLogger } from './logs.ts'
import { createBuildMetrics } from './metrics/build-metrics.ts'
import { createEngineMetrics, type EngineMetrics } from './metrics/engine-metrics.ts'
import { createHttpMetrics, type HttpMetrics } from './metrics/http-metrics.ts'
import { createPredictionMetrics, type PredictionMetrics } from './metrics/prediction-metrics.ts'
import { createProcessMetrics, type ProcessMetrics } from './metrics/process-metrics.ts'
import { createTraceMetrics } from './metrics/trace-metrics.ts'
import type { SentimentEngine } from './ports.ts'
import type { OpenTracing } from './tracing/open-tracing.ts'

/** A model that answers. */
export interface Served {
  readonly engine: SentimentEngine
  /** Of the model that serves now. */
  readonly folder: ModelFolder
  readonly deployment: Deployment
}

export interface Foundation {
  readonly config: Config
  readonly now: () => number
  readonly logger: Logger
  readonly registry: Registry
  readonly httpMetrics: HttpMetrics
  readonly predictionMetrics: PredictionMetrics
  readonly engineMetrics: EngineMetrics
  readonly processMetrics: ProcessMetrics
  /** Null where traces are off. */
  readonly tracing: OpenTracing | null
  readonly keys: KeyRing
  /** Where the built page lies. */
  readonly pageFolder: string
}

async function startTracing(config: Config, registry: Registry, logger: Logger): Promise<OpenTracing | null> {
  const metrics = createTraceMetrics(registry)
  if (config.tracesEndpoint === 'off') return null
  const { openTracing } = await import('./tracing/open-tracing.ts')
  return openTracing({ config, metrics, logger })
}

/** What tests replace. */
export type Overrides = Partial<Pick<Foundation, 'now' | 'logger' | 'pageFolder'>> & {
  /** Loads the model; the real engine unless given. */
  readonly serve?: (foundation: Foundation) => Promise<Served>
}

export async function createFoundation(config: Config, overrides: Overrides = {}): Promise<Foundation> {
  const now = overrides.now ?? Date.now
  const logger = overrides.logger ?? createLogger(config.logLevel)
  const registry = new Registry()
  const httpMetrics = createHttpMetrics(registry)
  const predictionMetrics = createPredictionMetrics(registry)
  const engineMetrics = createEngineMetrics(registry, predictionMetrics.announceModel)
  const processMetrics = createProcessMetrics(registry)
  createBuildMetrics(registry)
  const onUnreadable = (err: unknown): void => logger.error({ err }, 'keys.json cannot be read: no key is valid')
  const keys = openKeyRing({ home: config.home, now, onUnreadable })
  const pageFolder = overrides.pageFolder ?? fileURLToPath(new URL('../../dashboard/dist/page', import.meta.url))
  return {
    config,
    now,
    logger,
    registry,
    httpMetrics,
    predictionMetrics,
    engineMetrics,
    processMetrics,
    tracing: await startTracing(config, registry, logger),
    keys,
    pageFolder: resolve(pageFolder),
  }
}
