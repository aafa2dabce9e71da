// The answers that a model was most sure of, and wrong.
import type { LabelledSplit, Mistake } from './finish-types.ts'

/** At most `limit` mistakes, those with the least probability of the true label first. */
export function findMistakes(
  split: LabelledSplit,
  probabilities: readonly (readonly number[])[],
  labels: readonly string[],
  limit: number,
): Mistake[] {
  return probabilities
    .flatMap((values, post) => {
      const label = split.classes[post] ?? 0
      const predicted = values.indexOf(Math.max(...values))
      if (predicted === label) return []
      return [
        {
          row: split.rows?.[post] ?? post + 1,
          label: labels[label] ?? '',
          predicted: labels[predicted] ?? '',
          probability: values[predicted] ?? 0,
          labelProbability: values[label] ?? 0,
          text: split.texts[post] ?? '',
        },
      ]
    })
    .sort((a, b) => a.labelProbability - b.labelProbability || b.probability - a.probability || a.row - b.row)
    .slice(0, limit)
}
