// From a model reference to an engine that answers, and to what follows the reference from then on.
import { type EngineOptions, startEngine } from '@renown/inference'
import { checkSignature, createHubClient, type ModelFolder, openRegistry } from '@renown/models/serving'
import { keepChallenger } from './deployment/follow-challenger.ts'
import { createGuard, type Guard } from './deployment/guard.ts'
import { LiveDeployment } from './deployment/live-deployment.ts'
import { openFirst } from './deployment/open-first.ts'
import { isPassing } from './deployment/passing-errors.ts'
import { openRefusals } from './deployment/refusals.ts'
import { type Repeating, repeat } from './deployment/repeat.ts'
import { createShadow, type Shadow } from './deployment/shadow.ts'
import { findSource, type Source, type SourceOptions, type Target, toTarget } from './deployment/sources.ts'
import { watchEngine } from './deployment/watched-engine.ts'
import type { Foundation, Served } from './foundation.ts'
import { createDeploymentMetrics } from './metrics/deployment-metrics.ts'

const GUARD_MS = 1000
const NO_SHADOW = 'off'
/** One thread, few texts at a time, and whatever the others leave. */
const SHADOW_OPTIONS: EngineOptions = {
  threads: 1,
  cacheEntries: 0,
  maxQueueTokens: 2048,
  checkAnswers: true,
  background: true,
}

interface Closing {
  close(): Promise<void>
}

/** Throws what resolving the model, checking it and starting the engine throw, and VERSION_REFUSED. */
export async function serveModel(foundation: Foundation): Promise<Served> {
  const { config, logger, now, registry } = foundation
  const sources: SourceOptions = {
    home: config.home,
    registry: openRegistry(config.home),
    hub: createHubClient({ notify: (message) => logger.warn(message) }),
  }
  const metrics = createDeploymentMetrics(registry)
  const guard = createGuard(config.guardMinutes * 60_000, now)
  const shadow = createShadow({ share: config.shadowShare, random: Math.random, now, onCompared: metrics.compared })
  const refusals = openRefusals(config.home, logger)
  await refusals.read()
  const source = await findSource(config.model, sources)
  const challengerSource = await findSource(config.shadow, sources)
  const open = (target: Target): Promise<ModelFolder> => openTrusted(target, config.trustedKeys)
  const onNotLoaded = (error: unknown): void =>
    foundation.engineMetrics.notLoaded(isPassing(error) ? 'failed' : 'refused')
  const { engine, first } = await openFirst({
    reference: config.model,
    source,
    refusals,
    logger,
    now,
    toTarget: (reference) => toTarget(reference, sources),
    open,
    start: (folder) => startEngine(folder, engineOptions(foundation, guard)),
    onNotLoaded,
  })
  const deployment = new LiveDeployment({
    engine,
    first,
    source,
    refusals,
    guard,
    shadow,
    metrics,
    logger,
    now,
    open,
    onNotLoaded,
  })
  await deployment.begin()
  const following = follow(foundation, source, () => deployment.check())
  const watching = config.guardMinutes === 0 || source === null ? null : repeat(GUARD_MS, () => deployment.watch())
  const challenger = startShadow(foundation, { sources, source: challengerSource, shadow, open })
  return {
    engine: watchEngine(engine, {
      guard,
      shadow,
      async close() {
        deployment.close()
        following?.stop()
        watching?.stop()
        await challenger?.close()
      },
    }),
    get folder() {
      return deployment.folder()
    },
    deployment,
  }
}

async function openTrusted(target: Target, trustedKeys: readonly string[]): Promise<ModelFolder> {
  const folder = await target.open()
  if (trustedKeys.length > 0) await checkSignature(folder.path, trustedKeys)
  return folder
}

function follow({ config }: Foundation, source: Source | null, look: () => Promise<unknown>): Repeating | null {
  if (source === null) return null
  const seconds = config.followSeconds === 0 ? source.usualSeconds : config.followSeconds
  return repeat(seconds * 1000, look)
}

interface ShadowParts {
  readonly sources: SourceOptions
  readonly source: Source | null
  readonly shadow: Shadow
  readonly open: (target: Target) => Promise<ModelFolder>
}

/** Null where none is asked for. It is fetched and loaded behind the start. */
function startShadow(foundation: Foundation, { sources, source, shadow, open }: ShadowParts): Closing | null {
  const { config, logger, now } = foundation
  if (config.shadow === NO_SHADOW) return null
  const keeper = keepChallenger({
    source,
    fixed: toTarget(config.shadow, sources),
    shadow,
    logger,
    now,
    open,
    start: (folder) => startEngine(folder, SHADOW_OPTIONS),
  })
  const looking = follow(foundation, source, keeper.look)
  void keeper.look()
  return {
    async close() {
      looking?.stop()
      await keeper.close()
    },
  }
}

function engineOptions({ config, engineMetrics, tracing, logger }: Foundation, guard: Guard): EngineOptions {
  return {
    ...(config.threads === 0 ? {} : { threads: config.threads }),
    encoding: config.encoding,
    cacheEntries: config.cacheEntries,
    maxQueueTokens: config.queueTokens,
    maxTextChars: config.textLimit,
    checkAnswers: true,
    observer: {
      ...engineMetrics.observer,
      batch: (report) => {
        engineMetrics.observer.batch?.(report)
        tracing?.batch(report)
        guard.ran(report.rowTokens, report.runMs)
      },
      workerRestarted: (reason) => {
        engineMetrics.observer.workerRestarted?.(reason)
        logger.warn({ reason }, 'inference worker replaced')
      },
    },
  }
}
