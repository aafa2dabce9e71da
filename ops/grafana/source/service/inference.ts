// Row of the dashboard Service. What the engine does with texts: stages, queue, batches, cache.
import type { Row } from '../dashboard.ts'
import { runbook } from '../panel.ts'
import { HERE } from './shared.ts'

function stage(name: string): string {
  return `histogram_quantile(0.95, sum by (le) (rate(renown_inference_stage_seconds_bucket{${HERE}, stage="${name}"}[$__rate_interval]))) >= 0`
}

function mean(metric: string): string {
  return `sum(rate(${metric}_sum{${HERE}}[$__rate_interval])) / (sum(rate(${metric}_count{${HERE}}[$__rate_interval])) > 0)`
}

export const INFERENCE: Row = {
  title: 'Inference',
  panels: [
    {
      title: 'Stages',
      description:
        '95th percentile of each stage: tokenising one text, the longest wait in a batch, the run of a batch.',
      kind: 'timeseries',
      queries: [
        { expr: stage('tokenize'), legend: 'tokenise' },
        { expr: stage('queue'), legend: 'queue' },
        { expr: stage('run'), legend: 'run' },
      ],
      unit: 's',
      width: 8,
      min: 0,
      links: [runbook('QueueWaitsLong')],
    },
    {
      title: 'How full the queue is',
      description:
        'The most tokens that waited or ran at once between scrapes, as a share of the bound beyond which requests are refused.',
      kind: 'timeseries',
      queries: [
        {
          expr: `max by (instance) (renown_inference_peak_tokens{${HERE}} / renown_inference_bound_tokens{${HERE}})`,
          legend: '{{instance}}',
        },
      ],
      unit: 'percentunit',
      width: 8,
      min: 0,
      thresholds: [
        [null, 'green'],
        [0.8, 'orange'],
        [1, 'red'],
      ],
      links: [runbook('QueueWaitsLong'), runbook('RequestsRefused')],
    },
    {
      title: 'Not answered, by reason',
      description: 'Calls and texts a second that the engine did not answer.',
      kind: 'timeseries',
      queries: [
        {
          expr: `sum by (reason) (rate(renown_inference_rejected_total{${HERE}}[$__rate_interval]))`,
          legend: '{{reason}}',
        },
      ],
      unit: 'ops',
      width: 8,
      min: 0,
    },
    {
      title: 'What is in a batch',
      description: 'Texts and tokens in the mean batch.',
      kind: 'timeseries',
      queries: ['texts', 'tokens'].map((of) => ({ expr: mean(`renown_inference_batch_${of}`), legend: of })),
      unit: 'short',
      width: 8,
      min: 0,
    },
    {
      title: 'Padding',
      description: 'Share of padding among the tokens that ran: work for nothing.',
      kind: 'timeseries',
      queries: [{ expr: mean('renown_inference_batch_padding_ratio'), legend: 'padding' }],
      unit: 'percentunit',
      width: 8,
      min: 0,
      thresholds: [
        [null, 'green'],
        [0.3, 'orange'],
      ],
    },
    {
      title: 'Answers that were remembered',
      description: 'Share of texts whose answer came from the cache.',
      kind: 'timeseries',
      queries: [
        {
          expr: `sum(rate(renown_inference_cache_lookups_total{${HERE}, result="hit"}[$__rate_interval])) / (sum(rate(renown_inference_cache_lookups_total{${HERE}}[$__rate_interval])) > 0)`,
          legend: 'from the cache',
        },
      ],
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
    },
  ],
}
