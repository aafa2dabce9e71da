// Whether the labels of the data mean the same to the models that are compared.
import { CliError } from '../errors.ts'
import { createLabelMatcher, type LabelMap } from '../labelled/match-labels.ts'

export interface LabelledModel {
  /** `candidate`, `champion`, … */
  readonly role: string
  readonly labels: readonly string[]
}

/**
 * A number counts a model's labels, so that models with the same labels in another order read it as different ones.
 * `names` are those that the data itself gives to its numbers. Throws LABELS_UNKNOWN.
 */
export function checkLabelMeaning(
  found: Iterable<string>,
  candidate: LabelledModel,
  references: readonly LabelledModel[],
  map: LabelMap,
  names?: readonly string[],
): void {
  const own = createLabelMatcher(candidate.labels, map, names)
  const distinct = new Set(found)
  for (const reference of references) {
    if (!hasSameLabels(candidate.labels, reference.labels)) continue
    const other = createLabelMatcher(reference.labels, map, names)
    for (const label of distinct) {
      const meanings = [nameOf(candidate.labels, own.match(label)), nameOf(reference.labels, other.match(label))]
      if (meanings[0]?.toLowerCase() === meanings[1]?.toLowerCase()) continue
      throw new CliError(
        'LABELS_UNKNOWN',
        `"${label}" in the data means ${meanings[0]} to the ${candidate.role} and ${meanings[1]} to the ${reference.role}: name it with --label-map ${label}=${meanings[0]},…`,
      )
    }
  }
}

function hasSameLabels(one: readonly string[], other: readonly string[]): boolean {
  const normalise = (labels: readonly string[]): string =>
    JSON.stringify(labels.map((label) => label.toLowerCase()).sort())
  return normalise(one) === normalise(other)
}

function nameOf(labels: readonly string[], index: number | null): string {
  return index === null ? 'nothing' : (labels[index] ?? 'nothing')
}
