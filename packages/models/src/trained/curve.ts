// The evaluations of a run, out of trainer_state.json's log history.
import type { CurvePoint } from '../manifest.ts'
import type { LogHistoryRow } from './finish-types.ts'

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
export function readCurve(logHistory: readonly LogHistoryRow[]): CurvePoint[] {
  const points: CurvePoint[] = []
  let logged = 0
  let weighted = 0
  let steps = 0
  for (const values of logHistory) {
    const row = readLogRow(values)
    if (row.step === undefined) continue
    if (row.loss !== undefined) {
      weighted += row.loss * (row.step - logged)
      steps += row.step - logged
      logged = row.step
    }
    if (!isEvaluation(row) || points.some(({ step }) => step === row.step)) continue
    points.push(toPoint(row, row.step, steps > 0 ? weighted / steps : null))
    weighted = 0
    steps = 0
  }
  return points
}

/** The finite numbers of a row. */
export function readLogRow(row: LogHistoryRow): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => Number.isFinite(value)))
}

function isEvaluation(row: Readonly<Record<string, number>>): boolean {
  return Object.keys(row).some((key) => key.startsWith('eval_'))
}

function toPoint(row: Readonly<Record<string, number>>, step: number, loss: number | null): CurvePoint {
  const metrics = Object.entries(row)
    .filter(([key]) => key.startsWith('eval_') && !MEASUREMENTS.includes(key))
    .map(([key, value]) => [key.slice('eval_'.length), value] as const)
  return {
    epoch: row.epoch ?? 0,
    step,
    ...(loss === null ? {} : { loss }),
    ...(row.eval_loss === undefined ? {} : { evalLoss: row.eval_loss }),
    metrics: Object.fromEntries(metrics),
  }
}
