// Whether an evaluation is the best so far, and whether it is time to stop.
import type { TrainingArguments } from './arguments/training-arguments.ts'
import type { EvaluationRow } from './log-row.ts'
import type { RunState } from './run-state.ts'

export interface Judgement {
  readonly isBest: boolean
  readonly bestMetric: number | null
  readonly bestStep: number | null
  readonly patienceCount: number
  readonly isStopped: boolean
}

/**
 * Patience first, against the best before this evaluation: better means better by more than the threshold. Then the
 * best, where any difference counts (EarlyStoppingCallback and Trainer._determine_best_metric).
 */
export function judgeEvaluation(settings: TrainingArguments, state: RunState, row: EvaluationRow): Judgement {
  const { metricForBestModel, earlyStoppingPatience, earlyStoppingThreshold } = settings
  const { bestMetric, bestStep } = state
  if (metricForBestModel === null) {
    return { isBest: false, bestMetric, bestStep, patienceCount: state.patienceCount, isStopped: state.isStopped }
  }
  const value = row[`eval_${metricForBestModel}`]
  const gain =
    bestMetric === null ? Number.POSITIVE_INFINITY : settings.greaterIsBetter ? value - bestMetric : bestMetric - value
  const patienceCount = gain > 0 && gain > earlyStoppingThreshold ? 0 : state.patienceCount + 1
  const isBest = gain > 0
  return {
    isBest,
    bestMetric: isBest ? value : bestMetric,
    bestStep: isBest ? row.step : bestStep,
    patienceCount,
    isStopped: earlyStoppingPatience !== null && patienceCount >= earlyStoppingPatience,
  }
}
