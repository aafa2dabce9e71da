// The engine as requests see it: what it answers is told to those who watch.
import { type Engine, EngineError } from '@renown/inference'
import type { ClassifyOptions, ClassifyOutcome } from '@renown/reputation'
import type { SentimentEngine } from '../ports.ts'
import type { Guard } from './guard.ts'
import type { Shadow } from './shadow.ts'

export interface Watchers {
  readonly guard: Guard
  readonly shadow: Shadow
  /** Ends what follows and compares; before the engine itself. */
  close(): Promise<void>
}

/** By the model's fault, and neither the caller's nor that of too much traffic. */
const FAILURES: ReadonlySet<string> = new Set(['WORKER_FAILED', 'DEADLINE_EXCEEDED'])

export function watchEngine(engine: Engine, { guard, shadow, close }: Watchers): SentimentEngine {
  async function classify(texts: readonly string[], options?: ClassifyOptions): Promise<readonly ClassifyOutcome[]> {
    try {
      const outcomes = await engine.classify(texts, options)
      guard.answered(outcomes)
      // Probes of our own are no traffic.
      if (options?.fresh !== true) shadow.offer(texts, outcomes)
      return outcomes
    } catch (error) {
      if (error instanceof EngineError && FAILURES.has(error.code)) guard.failed(texts.length)
      throw error
    }
  }
  return {
    classify,
    model: () => engine.model(),
    overloaded: () => engine.overloaded(),
    stats: () => engine.stats(),
    health: () => engine.health(),
    async close(options) {
      await close()
      await engine.close(options)
    },
  }
}
