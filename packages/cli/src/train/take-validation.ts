// Takes a share of the training posts for validation.
import { shuffledIndices } from '@renown/ml'
import type { ValidationRequest } from './data-request.ts'
import type { LoadedSplit, LoadedTrainSplit } from './load-data.ts'

type Share = Extract<ValidationRequest, { kind: 'share' }>

export function takeValidation(
  train: readonly LoadedTrainSplit[],
  { share }: Share,
  seed: number,
): { readonly train: readonly LoadedTrainSplit[]; readonly validation: LoadedSplit } {
  const [first, ...rest] = train
  if (first === undefined) throw new Error('expected a source')
  const order = [...shuffledIndices(first.rows.length, seed)]
  const taken = new Set(order.slice(0, Math.max(1, Math.round(share * first.rows.length))))
  return {
    train: [{ ...first, rows: first.rows.filter((_, index) => !taken.has(index)) }, ...rest],
    validation: { ...first, rows: first.rows.filter((_, index) => taken.has(index)) },
  }
}
