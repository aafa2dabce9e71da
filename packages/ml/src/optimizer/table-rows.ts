// Which rows of a table have gradients and moments, and what the others have missed.

/**
 * AdamW moves every row at every step, but a row that never had a gradient has zero moments, so its steps are a factor
 * each. The factors are kept, and applied in their order when somebody looks at the row: the same roundings as if it had
 * been visited every time, whenever that happens to be.
 */
export interface TableRows {
  readonly count: number
  readonly width: number
  /** 1 for rows that had a gradient at any step: they have moments and are visited at every step. */
  readonly touched: Uint8Array
  /** Rows with a gradient since the last step, in the order in which they came. */
  readonly pending: number[]
  readonly isPending: Uint8Array
  /** Decay factors of the steps that a row may have missed, oldest first. */
  readonly factors: number[]
  /** How many of the factors each row has; touched rows miss none. */
  readonly applied: Uint32Array
}

export function createTableRows(shape: readonly number[], name: string): TableRows {
  const [count, width] = shape
  if (shape.length !== 2 || count === undefined || width === undefined) {
    throw new Error(`${name}: expected a table of [rows, width], got [${shape.join(', ')}]`)
  }
  return {
    count,
    width,
    touched: new Uint8Array(count),
    pending: [],
    isPending: new Uint8Array(count),
    factors: [],
    applied: new Uint32Array(count),
  }
}

/** Row numbers that had gradients, ascending. */
export function listTouched(rows: TableRows): Int32Array {
  return Int32Array.from([...rows.touched.keys()].filter((row) => rows.touched[row] === 1))
}

/** Throws RangeError on a row that the table doesn't have. */
export function checkRow(rows: TableRows, row: number, name: string): void {
  if (!(row >= 0 && row < rows.count)) {
    throw new RangeError(`${name}: expected a row of 0 to ${rows.count - 1}, got ${row}`)
  }
}

/** Notes a row's gradient; true if it is the first since the last step. */
export function markPending(rows: TableRows, row: number): void {
  if (rows.isPending[row] === 1) return
  rows.isPending[row] = 1
  rows.pending.push(row)
}

export function clearPending(rows: TableRows): void {
  for (const row of rows.pending) rows.isPending[row] = 0
  rows.pending.length = 0
}

/** Says that no row has missed anything. */
export function forgetFactors(rows: TableRows): void {
  rows.factors.length = 0
  rows.applied.fill(0)
}

/** A step's factor, for the rows that it doesn't visit. A factor of 1 changes nothing. */
export function noteFactor(rows: TableRows, factor: number): void {
  if (factor !== 1) rows.factors.push(factor)
}
