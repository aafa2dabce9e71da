// Takes some of the rows for validation.
import { MlError } from '../errors.ts'
import { shuffledIndices } from './shuffled-indices.ts'

export interface SplitOptions {
  /** Share of the rows, between 0 and 1, rounded up; or `count`. */
  readonly share?: number
  /** Number of rows; or `share`. */
  readonly count?: number
  /** A whole number from 0 to 2^53 − 1. */
  readonly seed: number
  /** Each class in both parts by its share, with at least one row. */
  readonly stratified: boolean
  /** What the classes are called in errors; their numbers unless given. */
  readonly names?: readonly string[]
}

/** Row numbers, ascending. */
export interface SplitRows {
  readonly train: Uint32Array
  readonly validation: Uint32Array
}

/**
 * The first rows of the order of `shuffledIndices`, of each class where stratified. The same rows, options and seed give
 * the same parts. Throws SPLIT_IMPOSSIBLE where a part would be empty, or where a class can't be in both parts though it
 * ought to; a RangeError for a share, count or seed that is none.
 */
export function splitIndices(classes: ArrayLike<number>, options: SplitOptions): SplitRows {
  const rows = classes.length
  const count = countValidation(rows, options)
  const order = shuffledIndices(rows, options.seed)
  const taken = options.stratified ? takeStratified(order, classes, count, options.names) : order.slice(0, count)
  const isTaken = new Uint8Array(rows)
  for (const row of taken) isTaken[row] = 1
  const ascending = order.sort()
  return {
    train: ascending.filter((row) => isTaken[row] === 0),
    validation: ascending.filter((row) => isTaken[row] === 1),
  }
}

function countValidation(rows: number, { share, count }: SplitOptions): number {
  if ((share === undefined) === (count === undefined))
    throw new RangeError('Expected either a share or a count of rows')
  if (share !== undefined && !(share > 0 && share < 1)) {
    throw new RangeError(`Expected a share between 0 and 1, got ${share}`)
  }
  if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
    throw new RangeError(`Expected a whole number of rows from 1, got ${count}`)
  }
  // A tenth of 30 is 3, though 0.1 * 30 is a little more.
  const wanted = count ?? Math.ceil((share ?? 0) * rows - 1e-9)
  if (wanted >= 1 && wanted < rows) return wanted
  throw impossible(`${rows} rows can't give ${wanted} to validation and keep one for training`)
}

function takeStratified(
  order: Uint32Array,
  classes: ArrayLike<number>,
  count: number,
  names: readonly string[] = [],
): number[] {
  const members = new Map<number, number[]>()
  for (const row of order) {
    const found = classes[row] ?? -1
    const rows = members.get(found)
    if (rows === undefined) members.set(found, [row])
    else rows.push(row)
  }
  const groups = [...members]
    .sort(([a], [b]) => a - b)
    .map(([found, rows]) => ({ name: names[found] === undefined ? String(found) : `"${names[found]}"`, rows }))
  const sizes = groups.map(({ rows }) => rows.length)
  checkClasses(groups, order.length, count)
  const shares = planShares(sizes, count)
  return groups.flatMap(({ rows }, index) => rows.slice(0, shares[index]))
}

function checkClasses(
  groups: readonly { readonly name: string; readonly rows: readonly number[] }[],
  rows: number,
  count: number,
): void {
  const alone = groups.find((group) => group.rows.length === 1)
  if (alone !== undefined) {
    throw impossible(
      `class ${alone.name} has one row: expected two, one for each part, or a split that is random instead of stratified`,
    )
  }
  const smaller = Math.min(count, rows - count)
  if (smaller >= groups.length) return
  throw impossible(`a part of ${smaller} rows can't hold each of ${groups.length} classes: expected a larger one`)
}

/**
 * How many of each class are taken: its share by largest remainders (Hamilton's method), at least one, and at least one
 * left. `sizes` are two and more; `count` lets each class be in both parts.
 */
export function planShares(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const exact = sizes.map((size) => (count * size) / total)
  const shares = exact.map((share, index) => Math.min(Math.max(1, Math.floor(share)), (sizes[index] ?? 0) - 1))
  let missing = count - shares.reduce((sum, share) => sum + share, 0)
  while (missing !== 0) {
    const step = Math.sign(missing)
    const index = mostDeserving(exact, shares, sizes, step)
    shares[index] = (shares[index] ?? 0) + step
    missing -= step
  }
  return shares
}

/** The class that is furthest below (`step` 1) or above (−1) its share, of those that can change. */
function mostDeserving(
  exact: readonly number[],
  shares: readonly number[],
  sizes: readonly number[],
  step: number,
): number {
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  for (const [index, share] of shares.entries()) {
    const next = share + step
    const lack = step * ((exact[index] ?? 0) - share)
    if (next < 1 || next > (sizes[index] ?? 0) - 1 || lack <= most) continue
    best = index
    most = lack
  }
  return best
}

function impossible(reason: string): MlError {
  return new MlError('SPLIT_IMPOSSIBLE', `Cannot split: ${reason}`)
}
