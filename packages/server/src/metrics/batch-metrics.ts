// How batches go through the stages of inference, and what is in them.
import type { EngineObserver } from '@renown/inference'
import type { Registry } from 'prom-client'
import { SeriesHistogram } from './series.ts'

const SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128]
const TOKENS = [16, 32, 64, 128, 256, 384, 512, 1024]
const RATIOS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75]

export function createBatchMetrics(registry: Registry): Required<Pick<EngineObserver, 'batch' | 'tokenized'>> {
  const registers = [registry]
  const stages = new SeriesHistogram({
    name: 'renown_inference_stage_seconds',
    help: 'Time in each stage: tokenize (one text), queue (the longest wait in a batch), run (a batch).',
    labelNames: ['stage'],
    buckets: SECONDS,
    registers,
  })
  const tokenize = stages.at({ stage: 'tokenize' })
  const queue = stages.at({ stage: 'queue' })
  const run = stages.at({ stage: 'run' })
  const sizes = createSizes(registry)
  return {
    batch({ queueMs, runMs, texts, tokens, rowTokens }) {
      queue.observe(queueMs / 1000)
      run.observe(runMs / 1000)
      sizes.texts.observe(texts)
      sizes.tokens.observe(tokens)
      sizes.padding.observe(rowTokens === 0 ? 0 : 1 - tokens / rowTokens)
    },
    tokenized: (ms) => tokenize.observe(ms / 1000),
  }
}

function createSizes(registry: Registry) {
  const histogram = (name: string, help: string, buckets: readonly number[]) =>
    new SeriesHistogram({ name: `renown_inference_batch_${name}`, help, buckets, registers: [registry] }).at()
  return {
    texts: histogram('texts', 'Texts in a batch.', SIZES),
    tokens: histogram('tokens', 'Tokens in a batch, padding aside.', TOKENS),
    padding: histogram('padding_ratio', 'Share of padding among the tokens that ran.', RATIOS),
  }
}
