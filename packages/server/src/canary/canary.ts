// Asks the model that serves the same posts again and again: its answers must not change without the model.
import type { ModelFolder } from '@renown/models/serving'
import type { Logger } from 'pino'
import type { SentimentEngine } from '../ports.ts'
import type { CanaryMetrics } from './canary-metrics.ts'
import { CANARY_POSTS } from './canary-posts.ts'
import { compareRun, findRecorded, type Known, learnKnown, readRun } from './compare-runs.ts'

const DEADLINE_MS = 30_000

export interface Canary {
  /** One run; never rejects. */
  run(): Promise<void>
  /** Runs again and again, the first time at once. `seconds` 0: never. */
  start(seconds: number): void
  /** Waits for a run that is under way. */
  close(): Promise<void>
}

export interface CanaryOptions {
  /** The engine that serves, or null while none does. */
  readonly engine: () => SentimentEngine | null
  /** The folder of the model that serves, which may record answers. */
  readonly folder: () => ModelFolder | null
  readonly metrics: CanaryMetrics
  readonly now: () => number
  readonly logger: Logger
}

export function createCanary({ engine, folder, metrics, now, logger }: CanaryOptions): Canary {
  const ended = new AbortController()
  let known: Known | null = null
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function ask(serving: SentimentEngine): Promise<void> {
    const model = serving.model()
    if (known?.hash !== model.hash) known = findRecorded(folder(), model)
    const options = { priority: 'bulk', whenFull: 'wait', fresh: true, deadlineMs: DEADLINE_MS } as const
    const posts = known?.posts ?? CANARY_POSTS
    const run = readRun(await serving.classify(posts, { ...options, signal: ended.signal }), model.version)
    // Another model serves by now: the next run begins with it.
    if (serving.model().hash !== model.hash) return
    if (run === null) throw new Error('not every canary post was answered')
    known ??= learnKnown(model, run)
    const comparison = compareRun(known, run)
    if (comparison.changed > 0)
      logger.error({ model: model.version, ...comparison }, 'the same model gives other answers')
    metrics.ran(comparison, now())
  }

  async function run(): Promise<void> {
    const serving = engine()
    if (serving === null || ended.signal.aborted) return
    try {
      await ask(serving)
    } catch (err) {
      if (ended.signal.aborted) return
      logger.warn({ err }, 'the canary posts were not answered')
      metrics.ran(null, now())
    }
  }

  return {
    run,
    start(seconds) {
      if (seconds === 0) return
      // One after the other, however long they take.
      const next = (): void => {
        running = run().then(() => {
          if (!ended.signal.aborted) timer = setTimeout(next, seconds * 1000).unref()
        })
      }
      next()
    },
    async close() {
      ended.abort()
      clearTimeout(timer)
      await running
    },
  }
}
