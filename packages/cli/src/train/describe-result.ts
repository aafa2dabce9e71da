// What came out of a training, as people read it.
import { QUANTIZED_FILE, type TrainResult } from '@renown/ml'
import type { FinishedModel, SplitEvaluation } from '@renown/models'
import { formatCount, formatShare } from '../format/numbers.ts'
import { formatTable } from '../format/table.ts'

/** A table of each file on each split with its intervals, and how to serve the model. */
export function describeResult(
  { manifest, evaluations, temperature }: FinishedModel,
  result: TrainResult,
  path: string,
): string {
  const table = formatTable(
    ['data', 'weights', 'posts', 'macro recall', 'accuracy', 'macro F1', 'calibration error'],
    evaluations.map(toRow),
  )
  const weights = result.best === null ? '' : `, ${describeWeights(result)}`
  return [
    table,
    '',
    `${manifest.name} ${manifest.version} is in ${path}: ${formatCount(result.steps)} steps${weights}, temperature ${temperature.value.toFixed(3)}`,
    `Serve it with: renown serve --model ${path}`,
    '',
  ].join('\n')
}

function describeWeights({ weights, best }: TrainResult): string {
  if (best === null || weights !== 'best') return weights === 'average' ? 'averaged weights' : 'the last weights'
  return `the weights of step ${formatCount(best.step)}`
}

function toRow({ dataSet, split, file, evaluation }: SplitEvaluation): readonly string[] {
  const { macroRecall, accuracy, macroF1, ece, intervals, n } = evaluation
  return [
    `${dataSet}, ${split}`,
    file === QUANTIZED_FILE ? '8 bits' : '32 bits',
    formatCount(n),
    withInterval(macroRecall, intervals.macroRecall),
    withInterval(accuracy, intervals.accuracy),
    withInterval(macroF1, intervals.macroF1),
    formatShare(ece),
  ]
}

function withInterval(value: number, [low, high]: readonly [number, number]): string {
  return `${formatShare(value)} (${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)})`
}
