// What the engine does, from its observer and its statistics.
import type { EngineObserver, RejectionReason } from '@renown/inference'
import { Gauge, type Registry } from 'prom-client'
import type { SentimentEngine } from '../ports.ts'
import { createBatchMetrics } from './batch-metrics.ts'
import { createModelMetrics, type LoadTrouble } from './model-metrics.ts'
import { createPeakHold } from './peak-hold.ts'
import { type CounterSeries, SeriesCounter } from './series.ts'

const REASONS = ['overloaded', 'deadline', 'aborted', 'closed', 'worker', 'text'] as const satisfies RejectionReason[]

export interface EngineMetrics {
  readonly observer: EngineObserver
  /** A model that was to serve was not opened or not loaded. */
  notLoaded(trouble: LoadTrouble): void
  /** Reads the engine's statistics, once for each scrape; null while no model answers. */
  refresh(engine: Pick<SentimentEngine, 'stats' | 'health' | 'model'> | null): void
}

export function createEngineMetrics(registry: Registry, onModel: (version: string) => void): EngineMetrics {
  const model = createModelMetrics(registry)
  const gauges = createEngineGauges(registry)
  return {
    observer: {
      ...createBatchMetrics(registry),
      ...createTroubleMetrics(registry),
      loaded: (served, ms) => {
        model.loaded(ms)
        onModel(served.version)
      },
    },
    notLoaded: model.notLoaded,
    refresh(engine) {
      gauges.refresh(engine)
      if (engine !== null) model.serves(engine.model())
    },
  }
}

function createTroubleMetrics(registry: Registry): Required<Pick<EngineObserver, 'rejected' | 'workerRestarted'>> {
  const registers = [registry]
  const rejected = new SeriesCounter({
    name: 'renown_inference_rejected_total',
    help: 'Calls and texts that the engine did not answer, by reason.',
    labelNames: ['reason'],
    registers,
  })
  const byReason = Object.fromEntries(REASONS.map((reason) => [reason, rejected.at({ reason })]))
  const restarts = new SeriesCounter({
    name: 'renown_inference_worker_restarts_total',
    help: 'Inference workers that stopped by themselves and were replaced.',
    registers,
  }).at()
  return {
    rejected: (reason) => byReason[reason]?.add(),
    workerRestarted: () => restarts.add(),
  }
}

interface EngineGauges {
  refresh(engine: Pick<SentimentEngine, 'stats' | 'health'> | null): void
}

function createEngineGauges(registry: Registry): EngineGauges {
  const registers = [registry]
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `renown_inference_${name}`, help, registers })
  const ready = gauge('ready', 'Whether the engine can answer.')
  const texts = gauge('queue_texts', 'Texts that wait.')
  const tokens = gauge('queue_tokens', 'Tokens that wait.')
  const peakTexts = gauge('queue_peak_texts', 'The most texts that waited at once since the last scrape.')
  const running = gauge('running_tokens', 'Tokens that run.')
  const peakTokens = gauge('peak_tokens', 'The most tokens that waited or ran at once since the last scrape.')
  const bound = gauge('bound_tokens', 'Tokens that may wait or run before requests are refused.')
  const entries = gauge('cache_entries', 'Answers that are remembered.')
  const lookups = createLookups(registry)
  const heldTexts = createPeakHold()
  const heldTokens = createPeakHold()
  return {
    refresh(engine) {
      ready.set(engine?.health().ready ? 1 : 0)
      if (engine === null) return
      const stats = engine.stats()
      texts.set(stats.queuedTexts)
      tokens.set(stats.queuedTokens)
      running.set(stats.runningTokens)
      peakTexts.set(heldTexts.look(stats.peakTexts))
      peakTokens.set(heldTokens.look(stats.peakTokens))
      bound.set(stats.boundTokens)
      entries.set(stats.cache.entries)
      lookups(stats.cache)
    },
  }
}

/** Another model's cache begins at zero; the counters go on. */
function createLookups(registry: Registry): (cache: { readonly hits: number; readonly misses: number }) => void {
  const lookups = new SeriesCounter({
    name: 'renown_inference_cache_lookups_total',
    help: 'Texts looked up among the answers that are remembered.',
    labelNames: ['result'],
    registers: [registry],
  })
  const hits = createFollower(lookups.at({ result: 'hit' }))
  const misses = createFollower(lookups.at({ result: 'miss' }))
  return (cache) => {
    hits(cache.hits)
    misses(cache.misses)
  }
}

/** Follows a count that may begin anew. */
function createFollower(series: CounterSeries): (count: number) => void {
  let last = 0
  return (count) => {
    series.add(count >= last ? count - last : count)
    last = count
  }
}
