// From a measured evaluation to what renown.json holds of it.
import type { Evaluation } from '@renown/ml'
import type { ManifestEvaluation, MetricValue } from '../manifest.ts'

export interface MeasuredFile {
  readonly evaluation: Evaluation
  /** Calibration error with temperature 1. */
  readonly eceBefore: number
  readonly file: string
  readonly encoding: string
  readonly dataSet: string
  readonly revision?: string
  readonly split: string
  readonly sha256: string
  readonly date: Date
}

export function toRecord(measured: MeasuredFile): ManifestEvaluation {
  const { evaluation, file, encoding, dataSet, split, sha256, date } = measured
  const { intervals } = evaluation
  return {
    file,
    encoding,
    dataSet,
    ...(measured.revision === undefined ? {} : { revision: measured.revision }),
    split,
    rows: evaluation.n,
    sha256,
    date: date.toISOString(),
    metrics: {
      macroRecall: withInterval(evaluation.macroRecall, intervals.macroRecall),
      accuracy: withInterval(evaluation.accuracy, intervals.accuracy),
      macroF1: withInterval(evaluation.macroF1, intervals.macroF1),
      ece: { value: round(evaluation.ece) },
      eceBefore: { value: round(measured.eceBefore) },
    },
    perClass: evaluation.perClass.map(({ label, precision, recall, f1, support }) => ({
      label,
      precision: round(precision),
      recall: round(recall),
      f1: round(f1),
      support,
    })),
    confusion: evaluation.confusion.map((counts) => [...counts]),
  }
}

function withInterval(value: number, [low, high]: readonly [number, number]): MetricValue {
  return { value: round(value), low: round(low), high: round(high) }
}

/** Six decimals are far finer than any interval. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
