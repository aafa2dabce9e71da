// The composition root: everything the server is made of, built once, by hand. The model comes last.
import { type ModelFolder, openGateCounter, openRegistry, type Registry } from '@renown/models/serving'
import { createSessions, type Sessions } from './auth/sessions.ts'
import { type Canary, createCanary } from './canary/canary.ts'
import { createCanaryMetrics } from './canary/canary-metrics.ts'
import type { Deployment } from './deployment/status.ts'
import { createDriftMonitor, type DriftMonitor } from './drift/drift-monitor.ts'
import { ApiError } from './errors.ts'
import type { Foundation, Served } from './foundation.ts'
import { createDriftMetrics } from './metrics/drift-metrics.ts'
import { createRegistryMetrics } from './metrics/registry-metrics.ts'
import { createScraper, type Scraper } from './metrics/scraper.ts'
import type { SentimentEngine } from './ports.ts'
import { createRegistryTasks, type RegistryTasks } from './registry/registry-tasks.ts'
import { createScorings, type Scorings } from './scorings/scorings.ts'

/** The model, from the moment that it answers. */
export interface Serving {
  /** Throws MODEL_NOT_READY until then. */
  readonly engine: SentimentEngine
  readonly folder: ModelFolder
  readonly deployment: Deployment
  /** The engine, or null until then. */
  find(): SentimentEngine | null
  set(served: Served): void
}

export interface Context extends Foundation {
  readonly serving: Serving
  /** Throws MODEL_NOT_READY until a model answers. */
  readonly deployment: Deployment
  /** Of the data folder. */
  readonly models: Registry
  readonly registryTasks: RegistryTasks
  readonly sessions: Sessions
  readonly scorings: Scorings
  readonly canary: Canary
  readonly drift: DriftMonitor
  readonly scrape: Scraper
  /** True from the moment that the server is asked to stop. */
  isStopping(): boolean
  stop(): void
}

export async function createContext(foundation: Foundation): Promise<Context> {
  const { now, keys, registry, config, logger } = foundation
  const models = openRegistry(config.home, { clock: () => new Date(now()) })
  const serving = createServing((engine) => drift.watch(engine))
  const folder = (): ModelFolder | null => (serving.find() === null ? null : serving.folder)
  const drift = createDriftMonitor({ config, logger, now, random: Math.random, folder })
  const sessions = createSessions({ keys, now })
  const scorings = await createScorings({ ...foundation, engine: () => serving.engine })
  const registryMetrics = createRegistryMetrics(registry, models, openGateCounter(config.home))
  const canary = createCanary({ engine: serving.find, folder, metrics: createCanaryMetrics(registry), now, logger })
  const driftMetrics = createDriftMetrics(registry, drift.latest)
  const scrape = createScraper({ ...foundation, registryMetrics, driftMetrics, engine: serving.find })
  let stopping = false
  return {
    ...foundation,
    serving,
    get deployment() {
      return serving.deployment
    },
    models,
    registryTasks: createRegistryTasks({ home: config.home, models, now, logger }),
    sessions,
    scorings,
    canary,
    drift,
    scrape,
    isStopping: () => stopping,
    stop() {
      stopping = true
    },
  }
}

/** `watch`: the engine as the others get it. */
function createServing(watch: (engine: SentimentEngine) => SentimentEngine): Serving {
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
    get deployment() {
      return now().deployment
    },
    find: () => current?.engine ?? null,
    set(served) {
      const engine = watch(served.engine)
      // Asked for each time: a swap puts another folder there.
      current = {
        engine,
        get folder() {
          return served.folder
        },
        deployment: served.deployment,
      }
    },
  }
}
