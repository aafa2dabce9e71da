// What the canary posts say, for alerts.
import { Gauge, type Registry } from 'prom-client'
import { SeriesCounter } from '../metrics/series.ts'
import type { RunComparison } from './compare-runs.ts'

const RESULTS = ['same', 'changed', 'failed'] as const
export type CanaryResult = (typeof RESULTS)[number]

export interface CanaryMetrics {
  /** Null: there was nothing to compare, as the run failed. */
  ran(comparison: RunComparison | null, now: number): void
}

export function createCanaryMetrics(registry: Registry): CanaryMetrics {
  const registers = [registry]
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `renown_canary_${name}`, help, registers })
  const runs = new SeriesCounter({
    name: 'renown_canary_runs_total',
    help: 'Runs of the canary posts, by result: same, changed, failed.',
    labelNames: ['result'],
    registers,
  })
  for (const result of RESULTS) runs.at({ result })
  const changed = gauge(
    'changed_posts',
    'Canary posts whose last answer was not the one that is recorded with the model, or else its first.',
  )
  const most = gauge('difference_max_ratio', 'Largest difference of a probability to that answer.')
  const last = gauge('last_run_timestamp_seconds', 'When the canary posts were answered last, in seconds since 1970.')
  last.set(Number.NaN)
  return {
    ran(comparison, now) {
      runs.at({ result: resultOf(comparison) }).add()
      if (comparison === null) return
      changed.set(comparison.changed)
      most.set(comparison.most)
      last.set(now / 1000)
    },
  }
}

function resultOf(comparison: RunComparison | null): CanaryResult {
  if (comparison === null) return 'failed'
  return comparison.changed === 0 ? 'same' : 'changed'
}
