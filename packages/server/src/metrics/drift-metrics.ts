// What the drift monitor says, as of its last look: no series where nothing can be said.

import { type Estimate, VERDICTS, type Verdict } from '@renown/reputation'
import type { Registry } from 'prom-client'
import { Gauge } from 'prom-client'
import type { DriftState } from '../drift/drift-report.ts'

export interface DriftMetrics {
  /** Takes the last report over, once for each scrape. */
  refresh(): void
}

const BOUNDS = ['value', 'low', 'high'] as const

export function createDriftMetrics(registry: Registry, latest: () => DriftState | null): DriftMetrics {
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    new Gauge({ name: `renown_${name}`, help, labelNames, registers: [registry] })
  const posts = gauge('drift_window_posts', 'Distinct posts that the verdict on drift is made of.')
  const verdict = gauge('drift_verdict', 'The verdict on the posts of late: 1 for the one that holds.', 'verdict')
  const recent = gauge(
    'drift_recent_verdict',
    'The verdict against the week before: 1 for the one that holds.',
    'verdict',
  )
  const effect = gauge(
    'drift_effect_ratio',
    'Effect of each feature, divided by the limit from which it counts.',
    'feature',
  )
  const estimated = gauge('estimated_accuracy_ratio', 'Share of right answers, judged by confidence.', 'bound')
  const sampled = gauge('sampled_accuracy_ratio', 'Share of right answers among posts that people labelled.', 'bound')
  const labelled = gauge('drift_labelled_posts', 'Posts of the last seven days that people labelled.')
  const suggested = gauge('drift_retraining_suggested', 'Whether a training is suggested.')
  return {
    refresh() {
      const state = latest()
      const { verdict: judged, labelled: labels = 0, suggestion = [], estimated: guess, sampled: real } = state ?? {}
      setVerdict(verdict, judged?.verdict ?? 'too_few')
      setVerdict(recent, state?.recent?.verdict ?? 'too_few')
      posts.set(judged?.posts ?? 0)
      labelled.set(labels)
      suggested.set(suggestion.length > 0 ? 1 : 0)
      effect.reset()
      for (const { feature, effect: size, limit } of judged?.findings ?? []) effect.set({ feature }, size / limit)
      setEstimate(estimated, guess ?? null)
      setEstimate(sampled, real ?? null)
    },
  }
}

function setVerdict(gauge: Gauge, holds: Verdict): void {
  for (const verdict of VERDICTS) gauge.set({ verdict }, verdict === holds ? 1 : 0)
}

function setEstimate(gauge: Gauge, estimate: Estimate | null): void {
  gauge.reset()
  if (estimate === null) return
  for (const bound of BOUNDS) gauge.set({ bound }, estimate[bound])
}
