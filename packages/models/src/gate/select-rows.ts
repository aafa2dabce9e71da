// The rows of a file that a gate judges on.
import { createHash } from 'node:crypto'
import { gateSplit } from '@renown/ml'
import { ModelsError } from '../errors.ts'
import type { GatePosts } from './gate-types.ts'
import type { GatePolicy } from './policy.ts'

/**
 * With `split: gate` the rows that `gateSplit` keeps from training, else all rows; a file that is named after another
 * split is refused. Throws GATE_REFUSED.
 */
export function selectRows(posts: GatePosts, policy: GatePolicy): GatePosts {
  checkSplitName(posts, policy)
  if (policy.split !== 'gate') return posts
  const { gate } = gateSplit(posts.texts, { share: policy.gate_share, seed: policy.gate_seed })
  if (gate.length > 0) return takeRows(posts, [...gate])
  throw refuse(
    `none of the ${posts.texts.length} rows of ${posts.dataSet} belongs to the gate split (gate_share ${policy.gate_share}, gate_seed ${policy.gate_seed}): they are what is left for training; "split: all" in the policy judges on all rows of a file`,
  )
}

/** Validation chose the weights and the temperature, and the test split is for the report of a release. */
function checkSplitName({ dataSet, split }: GatePosts, policy: GatePolicy): void {
  const isMeant = policy.split === 'all' || split === 'all' || split === policy.split
  const isCut = policy.split === 'gate' && split === 'train'
  if (isMeant || isCut) return
  throw refuse(
    `expected rows of the ${policy.split} split, which the policy names, got the ${split} split of ${dataSet}: name another file, or write "split: ${split}" into the policy`,
  )
}

/** These rows, in the order of the numbers. */
export function takeRows(posts: GatePosts, rows: readonly number[]): GatePosts {
  const { sources } = posts
  return {
    ...posts,
    texts: rows.map((row) => posts.texts[row] ?? ''),
    classes: rows.map((row) => posts.classes[row] ?? 0),
    ...(sources === undefined ? {} : { sources: rows.map((row) => sources[row] ?? '') }),
  }
}

/** Throws GATE_REFUSED where there is nothing that could tell models apart. */
export function checkRows({ texts, classes }: GatePosts, labels: readonly string[]): void {
  if (texts.length === 0) throw refuse('expected labelled rows, got none')
  if (classes.length !== texts.length) throw refuse(`expected ${texts.length} classes, got ${classes.length}`)
  const outside = classes.find((value) => !Number.isInteger(value) || value < 0 || value >= labels.length)
  if (outside !== undefined) throw refuse(`expected a class from 0 to ${labels.length - 1}, got ${outside}`)
  const occurring = new Set(classes)
  if (occurring.size > 1) return
  const [only = 0] = occurring
  throw refuse(`expected rows of two labels or more, got ${texts.length} of "${labels[only]}" alone`)
}

export function refuse(reason: string): ModelsError {
  return new ModelsError('GATE_REFUSED', `Cannot judge: ${reason}`)
}

/** The same rows have the same hash, in whatever order. */
export function hashRows({ texts, classes }: GatePosts, labels: readonly string[]): string {
  const rows = texts.map((text, row) => sha256(`${labels[classes[row] ?? 0]}\n${text}`))
  return sha256(rows.sort().join('\n'))
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
