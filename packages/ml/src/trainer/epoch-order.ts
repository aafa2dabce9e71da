// In which order an epoch goes through the texts: the same seed and epoch give the same order, in any process.
import { createRandomIndex } from '../evaluate/random.ts'
import type { TrainingArguments } from './arguments/training-arguments.ts'

/** Mega-batches hold at most this many batches, and there are at least four of them (`get_length_grouped_indices`). */
const LONGEST_MEGA_BATCH = 50

/**
 * Indices of the texts in the order of the epoch.
 * @param lengths tokens of each text
 * @param grouping texts that an update takes, for `group_by_length`
 */
export function orderEpoch(
  strategy: TrainingArguments['trainSamplingStrategy'],
  lengths: readonly number[],
  options: { readonly seed: number; readonly epoch: number; readonly grouping: number },
): number[] {
  const indices = lengths.map((_, index) => index)
  if (strategy === 'sequential') return indices
  shuffle(indices, mixSeed(options.seed, options.epoch))
  return strategy === 'random' ? indices : groupByLength(indices, lengths, options.grouping)
}

/** Fisher and Yates, from the end (Durstenfeld 1964). */
function shuffle(values: number[], seed: number): void {
  const draw = createRandomIndex(seed)
  for (let last = values.length - 1; last > 0; last--) {
    const other = draw(last + 1)
    const value = values[last]!
    values[last] = values[other]!
    values[other] = value
  }
}

/** One seed of both numbers; neighbouring ones give unrelated seeds (the finaliser of MurmurHash3). */
function mixSeed(seed: number, epoch: number): number {
  let mixed = Math.imul(seed ^ Math.imul(epoch + 1, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/**
 * Sorts within stretches of a shuffled order, the longest first, so that a batch's texts have similar lengths and
 * epochs still differ. The longest text of all comes first, so that a lack of memory shows at once. Source:
 * transformers/trainer_pt_utils.py, `get_length_grouped_indices`.
 */
export function groupByLength(shuffled: readonly number[], lengths: readonly number[], size: number): number[] {
  const batches = Math.max(1, Math.min(Math.floor(lengths.length / (size * 4)), LONGEST_MEGA_BATCH))
  const groups: number[][] = []
  for (let start = 0; start < shuffled.length; start += batches * size) {
    const group = shuffled.slice(start, start + batches * size)
    groups.push(group.sort((a, b) => lengths[b]! - lengths[a]!))
  }
  const longest = groups.reduce((best, group) => (lengths[group[0]!]! > lengths[best[0]!]! ? group : best))
  const first = groups[0]!
  const moved = first[0]!
  first[0] = longest[0]!
  longest[0] = moved
  return groups.flat()
}
