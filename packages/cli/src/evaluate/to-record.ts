// From a measured evaluation to what renown.json holds of it.
import { basename, dirname, resolve } from 'node:path'
import type { Evaluation } from '@renown/ml'
import type { ManifestEvaluation } from '@renown/models'

export interface Measured {
  readonly evaluation: Evaluation
  readonly file: string
  readonly encoding: string
  readonly dataSet: string
  readonly split: string
  readonly sha256: string
  readonly date: Date
}

export function toRecord(measured: Measured): ManifestEvaluation {
  const { evaluation, file, encoding, dataSet, split, sha256, date } = measured
  const { intervals } = evaluation
  return {
    file,
    encoding,
    dataSet,
    split,
    rows: evaluation.n,
    sha256,
    date: date.toISOString(),
    metrics: {
      macroRecall: withInterval(evaluation.macroRecall, intervals.macroRecall),
      accuracy: withInterval(evaluation.accuracy, intervals.accuracy),
      macroF1: withInterval(evaluation.macroF1, intervals.macroF1),
      ece: { value: round(evaluation.ece) },
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

function withInterval(
  value: number,
  [low, high]: readonly [number, number],
): {
  value: number
  low: number
  high: number
} {
  return { value: round(value), low: round(low), high: round(high) }
}

/** Six decimals are far finer than any interval. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

const SPLITS = /^(train|training|val|valid|validation|dev|test)$/i
const EXTENSIONS = /(\.[a-z0-9]+)(\.gz)?$/i

/** `tweeteval-sentiment/test.jsonl` is the split `test` of `tweeteval-sentiment`; `posts.csv` is all of `posts`. */
export function nameDataSet(path: string): { dataSet: string; split: string } {
  const name = basename(path).replace(EXTENSIONS, '')
  if (!SPLITS.test(name)) return { dataSet: name, split: 'all' }
  return { dataSet: basename(dirname(resolve(path))) || name, split: name.toLowerCase() }
}
