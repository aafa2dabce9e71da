// The recorded evaluations of two models, side by side.
import type { ManifestEvaluation } from './manifest.ts'

export interface EvaluationPair {
  readonly file: string
  readonly encoding: string | null
  readonly dataSet: string
  readonly split: string
  readonly one: ManifestEvaluation | null
  readonly other: ManifestEvaluation | null
  /** Whether both were measured on the same data file; null where there is only one. */
  readonly sameData: boolean | null
}

/** In the order of the first model's, then what only the other one has. */
export function pairEvaluations(
  ones: readonly ManifestEvaluation[],
  others: readonly ManifestEvaluation[],
): readonly EvaluationPair[] {
  const left = new Map(others.map((evaluation) => [keyOf(evaluation), evaluation]))
  const pairs = ones.map((one) => {
    const other = left.get(keyOf(one)) ?? null
    left.delete(keyOf(one))
    return toPair(one, one, other)
  })
  return [...pairs, ...[...left.values()].map((other) => toPair(other, null, other))]
}

function toPair(
  {
    file,
    encoding = null,
    dataSet,
    split,
  }: Pick<ManifestEvaluation, 'file' | 'dataSet' | 'split'> & {
    readonly encoding?: string | null
  },
  one: ManifestEvaluation | null,
  other: ManifestEvaluation | null,
): EvaluationPair {
  const sameData = one === null || other === null ? null : one.sha256 === other.sha256
  return { file, encoding, dataSet, split, one, other, sameData }
}

function keyOf({ file, encoding, dataSet, split }: ManifestEvaluation): string {
  return JSON.stringify([file, encoding ?? null, dataSet, split])
}
