// Asks the model that serves the same posts again and again: its answers must not change without the model.
import type { Classification } from '@renown/reputation'
import type { Logger } from 'pino'
import type { SentimentEngine } from '../ports.ts'
import type { CanaryMetrics } from './canary-metrics.ts'
import { CANARY_POSTS } from './canary-posts.ts'
import { compareRuns, readRun } from './compare-runs.ts'

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
  readonly metrics: CanaryMetrics
  readonly now: () => number
  readonly logger: Logger
}

/** What the model that serves answered first. */
interface Known {
  readonly hash: string
  readonly answers: readonly Classification[]
}

export function createCanary({ engine, metrics, now, logger }: CanaryOptions): Canary {
  const ended = new AbortController()
  let known: Known | null = null
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function ask(serving: SentimentEngine): Promise<void> {
    const { hash, version } = serving.model()
    const options = { priority: 'bulk', whenFull: 'wait', fresh: true, deadlineMs: DEADLINE_MS } as const
    const answers = readRun(await serving.classify(CANARY_POSTS, { ...options, signal: ended.signal }), version)
    // Another model serves by now: the next run begins with it.
    if (serving.model().hash !== hash) return
    if (answers === null) throw new Error('not every canary post was answered')
    if (known?.hash !== hash) known = { hash, answers }
    const comparison = compareRuns(known.answers, answers)
    if (comparison.changed > 0) logger.error({ model: version, ...comparison }, 'the same model gives other answers')
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
