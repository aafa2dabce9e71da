// Whether to suggest a training, and why. Nothing is ever trained because of it: a person reads the evidence.
import type { Estimate, Interval } from '../intervals.ts'
import type { DriftVerdict } from './judge.ts'

export const RETRAINING_REASONS = ['world_changed', 'estimated_accuracy_fell', 'sampled_accuracy_fell'] as const
export type RetrainingReason = (typeof RETRAINING_REASONS)[number]

export interface Evidence {
  readonly verdict: Pick<DriftVerdict, 'severity'>
  /** How often the model was right on the reference. */
  readonly referenceAccuracy: number | null
  readonly estimated: Estimate | null
  readonly sampled: Interval | null
}

/** The error that the estimate was measured to have (docs/drift.md): falls within it are not told from it. */
const ESTIMATE_ERROR = 0.04

/** News alone is no reason. */
export function suggestRetraining(evidence: Evidence): readonly RetrainingReason[] {
  const { verdict, referenceAccuracy, estimated, sampled } = evidence
  const reasons: RetrainingReason[] = []
  if (verdict.severity === 'strong') reasons.push('world_changed')
  if (referenceAccuracy === null) return reasons
  if (estimated !== null && estimated.high < referenceAccuracy - ESTIMATE_ERROR) reasons.push('estimated_accuracy_fell')
  if (sampled !== null && sampled.high < referenceAccuracy) reasons.push('sampled_accuracy_fell')
  return reasons
}
