// Takes a share of the training posts for validation.
import { createHash } from 'node:crypto'
import { splitIndices } from '@renown/ml'
import type { ValidationRequest } from './data-request.ts'
import type { LabelledRow, LoadedSplit, LoadedTrainSplit } from './load-data.ts'

/** The same posts whatever the seed of the training, so that runs can be compared. */
const SPLIT_SEED = 42

/** From all sources together. Throws SPLIT_IMPOSSIBLE where a part, or a label in it, would be empty. */
export function takeValidation(
  train: readonly LoadedTrainSplit[],
  { share, stratified }: Extract<ValidationRequest, { kind: 'share' }>,
): { readonly train: readonly LoadedTrainSplit[]; readonly validation: LoadedSplit } {
  const rows = train.flatMap((source) => source.rows)
  const split = splitIndices(
    rows.map(({ label }) => label),
    { share, stratified, seed: SPLIT_SEED },
  )
  const taken = new Set<LabelledRow>([...split.validation].map((index) => rows[index] as LabelledRow))
  const [first] = train
  if (first === undefined) throw new Error('Expected at least one source of training posts')
  return {
    train: train.map((each) => ({ ...each, rows: each.rows.filter((row) => !taken.has(row)) })),
    validation: {
      rows: [...taken],
      name: train.map(({ name }) => name).join(' and '),
      splitName: 'validation',
      config: first.config,
      revision: first.revision,
      sha256: train.length === 1 ? first.sha256 : hashAll(train.map(({ sha256 }) => sha256)),
    },
  }
}

function hashAll(hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join('\n')).digest('hex')
}
