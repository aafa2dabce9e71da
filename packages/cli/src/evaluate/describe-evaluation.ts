// An evaluation as people read it.
import type { Evaluation } from '@renown/ml'
import { formatCount, formatShare } from '../format/numbers.ts'
import { formatTable } from '../format/table.ts'

/** Headline figures with their intervals, each label, the confusion. */
export function describeEvaluation(evaluation: Evaluation, labels: readonly string[]): string {
  const { intervals, macroRecall, accuracy, macroF1 } = evaluation
  const figures = formatTable(
    ['', 'value', '95 % interval'],
    [
      ['Macro recall', formatShare(macroRecall), formatInterval(intervals.macroRecall)],
      ['Accuracy', formatShare(accuracy), formatInterval(intervals.accuracy)],
      ['Macro F1', formatShare(macroF1), formatInterval(intervals.macroF1)],
      ['Expected calibration error', formatShare(evaluation.ece), ''],
    ],
  )
  const classes = formatTable(
    ['label', 'precision', 'recall', 'F1', 'rows'],
    evaluation.perClass.map((entry) => [
      entry.label,
      formatShare(entry.precision),
      formatShare(entry.recall),
      formatShare(entry.f1),
      formatCount(entry.support),
    ]),
  )
  const confusion = formatTable(
    ['true \\ predicted', ...labels],
    evaluation.confusion.map((counts, index) => [labels[index] ?? String(index), ...counts.map(formatCount)]),
  )
  return [figures, classes, confusion].join('\n\n')
}

function formatInterval([low, high]: readonly [number, number]): string {
  return `${formatShare(low)} – ${formatShare(high)}`
}
