// A table's rows in memory: gradients added to them, and missed decay applied.
import {
  addFloats,
  expectFound,
  expectLength,
  multiplyBySeries,
  type StoredParameter,
  trainedArrays,
} from './stored-parameter.ts'
import { countMissed, expectRow, forgetFactors, type TableRows, takeSlot } from './table-rows.ts'

/** Throws a plain Error where the parameter isn't a table. */
export function tableRows(stored: StoredParameter): TableRows {
  return expectFound(stored.rows ?? undefined, `table ${stored.spec.name}`)
}

/**
 * Adds gradients [ids.length, width] to rows. The rows of a step lie side by side in the order in which they first
 * came, so that only the memory of as many rows as a step has is ever written to.
 */
export function addRows(stored: StoredParameter, ids: Int32Array, source: Float32Array): void {
  const rows = tableRows(stored)
  const { name } = stored.spec
  expectLength(source, ids.length * rows.width, name)
  for (const id of ids) expectRow(rows, id, name)
  const { gradients } = trainedArrays(stored)
  for (const [place, id] of ids.entries()) {
    const gradient = source.subarray(place * rows.width, (place + 1) * rows.width)
    addFloats(stored, gradients + takeSlot(rows, id) * rows.width * 4, gradient)
  }
}

/** Applies what the rows have missed. */
export function catchUp(stored: StoredParameter, ids: Iterable<number>): void {
  const rows = tableRows(stored)
  for (const id of ids) {
    expectRow(rows, id, stored.spec.name)
    catchUpRange(stored, rows, id, id + 1)
  }
}

/** Applies what all rows have missed; neighbours that miss the same are done at once. */
export function catchUpAll(stored: StoredParameter): void {
  const rows = tableRows(stored)
  for (let start = 0; start < rows.count; ) {
    let end = start + 1
    while (end < rows.count && countMissed(rows, end) === countMissed(rows, start)) end++
    catchUpRange(stored, rows, start, end)
    start = end
  }
  forgetFactors(rows)
}

/** Rows from `start` to before `end`, which all have missed as many factors. */
function catchUpRange(stored: StoredParameter, rows: TableRows, start: number, end: number): void {
  const missed = countMissed(rows, start)
  if (missed === 0) return
  const target = stored.at.values + start * rows.width * 4
  multiplyBySeries(stored, target, (end - start) * rows.width, rows.factors.slice(-missed))
  rows.applied.fill(rows.factors.length, start, end)
}
