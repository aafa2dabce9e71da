// What the engine does, from its observer and its statistics.
import type { EngineObserver } from '@renown/inference'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { SentimentEngine } from '../ports.ts'

const STAGES = ['tokenize', 'queue', 'run'] as const
const REASONS = ['overloaded', 'deadline', 'aborted', 'closed', 'worker', 'text'] as const
const SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128]
const TOKENS = [16, 32, 64, 128, 256, 384, 512, 1024]
const RATIOS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75]

export interface EngineMetrics {
  readonly observer: EngineObserver
  /** Reads the engine's statistics, once for each scrape. */
  refresh(engine: Pick<SentimentEngine, 'stats' | 'health'>): void
}

export function createEngineMetrics(registry: Registry, onModel: (version: string) => void): EngineMetrics {
  const batches = createBatchMetrics(registry)
  const model = createModelMetrics(registry)
  const registers = [registry]
  const rejected = new Counter({
    name: 'renown_inference_rejected_total',
    help: 'Calls and texts that the engine did not answer, by reason.',
    labelNames: ['reason'],
    registers,
  })
  for (const reason of REASONS) rejected.inc({ reason }, 0)
  const restarts = new Counter({
    name: 'renown_inference_worker_restarts_total',
    help: 'Inference workers that stopped by themselves and were replaced.',
    registers,
  })
  return {
    observer: {
      batch: batches.batch,
      tokenized: batches.tokenized,
      rejected: (reason) => rejected.inc({ reason }),
      workerRestarted: () => restarts.inc(),
      loaded: (served, ms) => {
        model.loaded(served, ms)
        onModel(served.version)
      },
    },
    refresh: createEngineGauges(registry).refresh,
  }
}

function createBatchMetrics(registry: Registry): Required<Pick<EngineObserver, 'batch' | 'tokenized'>> {
  const registers = [registry]
  const stages = new Histogram({
    name: 'renown_inference_stage_seconds',
    help: 'Time in each stage: tokenize (one text), queue (the longest wait in a batch), run (a batch).',
    labelNames: ['stage'],
    buckets: SECONDS,
    registers,
  })
  for (const stage of STAGES) stages.zero({ stage })
  const [tokenize, queue, run] = STAGES.map((stage) => stages.labels({ stage }))
  const texts = new Histogram({
    name: 'renown_inference_batch_texts',
    help: 'Texts in a batch.',
    buckets: SIZES,
    registers,
  })
  const tokens = new Histogram({
    name: 'renown_inference_batch_tokens',
    help: 'Tokens in a batch, padding aside.',
    buckets: TOKENS,
    registers,
  })
  const padding = new Histogram({
    name: 'renown_inference_batch_padding_ratio',
    help: 'Share of padding among the tokens that ran.',
    buckets: RATIOS,
    registers,
  })
  return {
    batch(report) {
      queue?.observe(report.queueMs / 1000)
      run?.observe(report.runMs / 1000)
      texts.observe(report.texts)
      tokens.observe(report.tokens)
      padding.observe(report.rowTokens === 0 ? 0 : 1 - report.tokens / report.rowTokens)
    },
    tokenized: (ms) => tokenize?.observe(ms / 1000),
  }
}

function createModelMetrics(registry: Registry): { loaded: Required<EngineObserver>['loaded'] } {
  const registers = [registry]
  const info = new Gauge({
    name: 'renown_model_info',
    help: 'The model that serves; always 1.',
    labelNames: ['name', 'version', 'hash', 'encoding', 'file'],
    registers,
  })
  const loads = new Counter({ name: 'renown_model_loads_total', help: 'Models loaded.', registers })
  const seconds = new Gauge({ name: 'renown_model_load_seconds', help: 'Time that the last load took.', registers })
  return {
    loaded({ name, version, hash, encoding, file }, ms) {
      info.reset()
      info.set({ name, version, hash, encoding, file }, 1)
      loads.inc()
      seconds.set(ms / 1000)
    },
  }
}

interface EngineGauges {
  refresh(engine: Pick<SentimentEngine, 'stats' | 'health'>): void
}

function createEngineGauges(registry: Registry): EngineGauges {
  const registers = [registry]
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `renown_inference_${name}`, help, registers })
  const ready = gauge('ready', 'Whether the engine can answer.')
  const texts = gauge('queue_texts', 'Texts that wait.')
  const tokens = gauge('queue_tokens', 'Tokens that wait.')
  const running = gauge('running_tokens', 'Tokens that run.')
  const peak = gauge('peak_tokens', 'The most tokens that waited or ran at once since the last scrape.')
  const bound = gauge('bound_tokens', 'Tokens that may wait or run before requests are refused.')
  const entries = gauge('cache_entries', 'Answers that are remembered.')
  const lookups = new Counter({
    name: 'renown_inference_cache_lookups_total',
    help: 'Texts looked up among the answers that are remembered.',
    labelNames: ['result'],
    registers,
  })
  return {
    refresh(engine) {
      const stats = engine.stats()
      ready.set(engine.health().ready ? 1 : 0)
      texts.set(stats.queuedTexts)
      tokens.set(stats.queuedTokens)
      running.set(stats.runningTokens)
      peak.set(stats.peakTokens)
      bound.set(stats.boundTokens)
      entries.set(stats.cache.entries)
      lookups.reset()
      lookups.inc({ result: 'hit' }, stats.cache.hits)
      lookups.inc({ result: 'miss' }, stats.cache.misses)
    },
  }
}
