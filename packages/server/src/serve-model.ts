// From a model reference to an engine that answers.
import { startEngine } from '@renown/inference'
import { createHubClient, resolveModel } from '@renown/models'
import { createFixedDeployment } from './deployment/fixed-deployment.ts'
import type { Foundation, Served } from './foundation.ts'

/** Throws what resolving the model and starting the engine throw. */
export async function serveModel({ config, engineMetrics, tracing, logger }: Foundation): Promise<Served> {
  const hub = createHubClient({ notify: (message) => logger.warn(message) })
  const folder = await resolveModel(config.model, { home: config.home, hub })
  const engine = await startEngine(folder, {
    ...(config.threads === 0 ? {} : { threads: config.threads }),
    encoding: config.encoding,
    cacheEntries: config.cacheEntries,
    maxQueueTokens: config.queueTokens,
    maxTextChars: config.textLimit,
    observer: {
      ...engineMetrics.observer,
      batch: (report) => {
        engineMetrics.observer.batch?.(report)
        tracing?.batch(report)
      },
      workerRestarted: (reason) => {
        engineMetrics.observer.workerRestarted?.(reason)
        logger.warn({ reason }, 'inference worker replaced')
      },
    },
  })
  return { engine, folder, deployment: createFixedDeployment(config.model, engine.model()) }
}
