// The evaluations of a run, out of trainer_state.json's log history.
import type { CurvePoint } from '../manifest.ts'
import type { LogRow } from './finish-types.ts'

/** What an evaluation row holds beside its metrics. */
const MEASUREMENTS: readonly string[] = [
  'eval_loss',
  'eval_runtime',
  'eval_samples_per_second',
  'eval_steps_per_second',
]

/**
 * One point for each step that was evaluated, the first time it was. A training row's loss is the mean since the row
 * before, so a point's loss weighs the rows since the point before by their steps.
 */
export function readCurve(logHistory: readonly LogRow[]): CurvePoint[] {
  const points: CurvePoint[] = []
  let logged = 0
  let weighted = 0
  let steps = 0
  for (const row of logHistory) {
    const step = finite(row.step)
    if (step === null) continue
    const loss = finite(row.loss)
    if (loss !== null) {
      weighted += loss * (step - logged)
      steps += step - logged
      logged = step
    }
    if (!isEvaluation(row) || points.some((point) => point.step === step)) continue
    points.push(toPoint(row, step, steps > 0 ? weighted / steps : null))
    weighted = 0
    steps = 0
  }
  return points
}

function isEvaluation(row: LogRow): boolean {
  return Object.keys(row).some((key) => key.startsWith('eval_'))
}

function toPoint(row: LogRow, step: number, loss: number | null): CurvePoint {
  const evalLoss = finite(row.eval_loss)
  const metrics = Object.entries(row).flatMap(([key, value]) => {
    const metric = finite(value)
    const isMetric = key.startsWith('eval_') && !MEASUREMENTS.includes(key) && metric !== null
    return isMetric ? [[key.slice('eval_'.length), metric] as const] : []
  })
  return {
    epoch: finite(row.epoch) ?? 0,
    step,
    ...(loss === null ? {} : { loss }),
    ...(evalLoss === null ? {} : { evalLoss }),
    metrics: Object.fromEntries(metrics),
  }
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
