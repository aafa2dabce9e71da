// Takes a share of the training posts for validation.
import { splitIndices } from '@renown/ml'
import type { ValidationRequest } from './data-request.ts'
import { joinSplits } from './join-splits.ts'
import type { LabelledRow, LoadedSplit, LoadedTrainSplit } from './load-data.ts'

/** The same posts whatever the seed of the training, so that runs can be compared. */
const SPLIT_SEED = 42

/** From all sources together. Throws SPLIT_IMPOSSIBLE where a part, or a label in it, would be empty. */
export function takeValidation(
  train: readonly LoadedTrainSplit[],
  { share, stratified }: Extract<ValidationRequest, { kind: 'share' }>,
  labels: readonly string[],
): { readonly train: readonly LoadedTrainSplit[]; readonly validation: LoadedSplit } {
  const rows = train.flatMap((source) => source.rows)
  const split = splitIndices(
    rows.map(({ label }) => label),
    { share, stratified, seed: SPLIT_SEED, names: labels },
  )
  const taken = new Set<LabelledRow>([...split.validation].map((index) => rows[index] as LabelledRow))
  return {
    train: train.map((each) => ({ ...each, rows: each.rows.filter((row) => !taken.has(row)) })),
    validation: joinSplits(train, 'validation', [...taken]),
  }
}
