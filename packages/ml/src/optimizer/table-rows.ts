// Which rows of a table have gradients and moments, and what the others have missed.
import type { ParameterSpec } from './plan-memories.ts'

/**
 * AdamW moves every row at every step, but a row that never had a gradient has zero moments, so its steps are a factor
 * each. The factors are kept, and applied in their order when somebody looks at the row: the same roundings as if it
 * had been visited every time, whenever that happens to be.
 */
export interface TableRows {
  readonly count: number
  readonly width: number
  /** 1 for rows that had a gradient at any step: they have moments and are visited at every step. */
  readonly touched: Uint8Array
  /** Rows with a gradient since the last step, in the order in which they came. */
  readonly pending: number[]
  /** A row's place in `pending`, which is also where its gradient lies, or −1. */
  readonly slots: Int32Array
  /** Decay factors of the steps that a row may have missed, oldest first. */
  readonly factors: number[]
  /** How many of the factors each row has; touched rows miss none. */
  readonly applied: Uint32Array
}

/** Throws a plain Error on a shape that isn't [rows, width]. */
export function createTableRows({ name, shape }: ParameterSpec): TableRows {
  const [count, width] = shape
  if (shape.length !== 2 || count === undefined || width === undefined) {
    throw new Error(`${name}: expected a table of [rows, width], got [${shape.join(', ')}]`)
  }
  return {
    count,
    width,
    touched: new Uint8Array(count),
    pending: [],
    slots: new Int32Array(count).fill(-1),
    factors: [],
    applied: new Uint32Array(count),
  }
}

/** Row numbers that have moments, ascending. */
export function listTouched({ touched, count }: TableRows): Int32Array {
  const list: number[] = []
  for (let row = 0; row < count; row++) if (touched[row] === 1) list.push(row)
  return Int32Array.from(list)
}

/** Throws RangeError on a row that the table doesn't have. */
export function expectRow(rows: TableRows, row: number, name: string): void {
  if (row >= 0 && row < rows.count) return
  throw new RangeError(`${name}: expected a row of 0 to ${rows.count - 1}, got ${row}`)
}

/** Where a row's gradient lies among those of this step. */
export function takeSlot(rows: TableRows, row: number): number {
  const known = rows.slots[row]!
  if (known !== -1) return known
  const slot = rows.pending.push(row) - 1
  rows.slots[row] = slot
  return slot
}

export function clearPending(rows: TableRows): void {
  for (const row of rows.pending) rows.slots[row] = -1
  rows.pending.length = 0
}

/** A step's factor, for the rows that the step doesn't visit. A factor of 1 changes nothing. */
export function noteFactor(rows: TableRows, factor: number): void {
  if (factor !== 1) rows.factors.push(factor)
}

/** How many factors a row misses. */
export function countMissed(rows: TableRows, row: number): number {
  return rows.touched[row] === 1 ? 0 : rows.factors.length - rows.applied[row]!
}

/** Says that no row has missed anything. */
export function forgetFactors(rows: TableRows): void {
  rows.factors.length = 0
  rows.applied.fill(0)
}
