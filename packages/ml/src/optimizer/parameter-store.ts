// Weights, gradients and moments in WebAssembly memory, where kernels and onnxruntime both reach them without a copy.
import type { ParameterSpec } from './plan-memories.ts'
import {
  addFloats,
  expectFound,
  expectLength,
  placeParameters,
  type StoredParameter,
  trainedArrays,
  viewArray,
} from './stored-parameter.ts'
import { addRows, catchUp, catchUpAll, tableRows } from './table.ts'
import { clearPending, forgetFactors, listTouched } from './table-rows.ts'

export interface ParameterStore {
  /** In the order of the specs; for the optimizer. */
  readonly parameters: ReadonlyMap<string, StoredParameter>
  /** The values themselves, the same view at every call. Rows of a table are up to date after `prepareRows`. */
  values(name: string): Float32Array
  /** Gradients of a dense parameter, to write into or to add to, the same view at every call; zero after each step. */
  gradients(name: string): Float32Array
  /** Adds to the gradients of a dense parameter, from any array of its length. */
  addToGradients(name: string, source: Float32Array): void
  /** Adds gradients [ids.length, width] to the rows of a table; a repeated id gets the sum. Throws RangeError. */
  addRows(name: string, ids: Int32Array, gradients: Float32Array): void
  /** Rows that have moments, ascending. */
  touchedRows(name: string): Int32Array
  /** Brings rows up to date, for a forward pass that reads them from `values`. Throws RangeError. */
  prepareRows(name: string, ids: Int32Array): void
  /** The values themselves, all up to date until the next step. */
  currentValues(name: string): Float32Array
  /** A copy of the values, all up to date. */
  readValues(name: string): Float32Array
  /** Replaces the values. */
  writeValues(name: string, source: Float32Array): void
  /** A copy of a trained parameter's gradients, zero where a table's row has none. */
  readGradients(name: string): Float32Array
  /** Sets all gradients to zero. */
  discardGradients(): void
}

export interface ParameterStoreOptions {
  /** Of one memory; more are opened as needed. 4 GiB less a page unless given, which is also the most. */
  readonly memoryLimitBytes?: number
}

/**
 * Holds the parameters of one model. Memory is allocated once, zero, and committed by the system as it is written to;
 * a frozen parameter has values only. A name that the store doesn't have, an array of another length or a call for
 * another kind of parameter is a plain Error.
 */
export function createParameterStore(
  specs: readonly ParameterSpec[],
  options: ParameterStoreOptions = {},
): ParameterStore {
  const parameters = placeParameters(specs, options.memoryLimitBytes)
  const views = new Map([...parameters].map(([name, stored]) => [name, createViews(stored)]))
  const find = (name: string): StoredParameter => expectFound(parameters.get(name), name)
  const values = (name: string): Float32Array => expectFound(views.get(name)?.values, name)
  const gradients = (name: string): Float32Array => expectFound(views.get(name)?.gradients, `dense ${name}`)
  const currentValues = (name: string): Float32Array => {
    const stored = find(name)
    if (stored.rows) catchUpAll(stored)
    return values(name)
  }
  return {
    parameters,
    values,
    gradients,
    addToGradients(name, source) {
      expectLength(source, gradients(name).length, name)
      addFloats(find(name), gradients(name).byteOffset, source)
    },
    addRows: (name, ids, source) => addRows(find(name), ids, source),
    touchedRows: (name) => listTouched(tableRows(find(name))),
    prepareRows: (name, ids) => catchUp(find(name), ids),
    currentValues,
    readValues: (name) => currentValues(name).slice(),
    writeValues(name, source) {
      const { rows } = find(name)
      expectLength(source, values(name).length, name)
      values(name).set(source)
      if (rows) forgetFactors(rows)
    },
    readGradients: (name) => readGradients(find(name)),
    discardGradients() {
      for (const stored of parameters.values()) discardGradients(stored)
    },
  }
}

function createViews(stored: StoredParameter): { readonly values: Float32Array; readonly gradients?: Float32Array } {
  const values = viewArray(stored, stored.at.values)
  return stored.spec.kind === 'dense'
    ? { values, gradients: viewArray(stored, trainedArrays(stored).gradients) }
    : { values }
}

function readGradients(stored: StoredParameter): Float32Array {
  const { rows } = stored
  const gradients = viewArray(stored, trainedArrays(stored).gradients)
  if (!rows) return gradients.slice()
  const copy = new Float32Array(gradients.length)
  for (const [slot, row] of rows.pending.entries()) {
    copy.set(gradients.subarray(slot * rows.width, (slot + 1) * rows.width), row * rows.width)
  }
  return copy
}

function discardGradients(stored: StoredParameter): void {
  const { at, rows } = stored
  if (!at.trained) return
  viewArray(stored, at.trained.gradients).fill(0, 0, rows ? rows.pending.length * rows.width : at.length)
  if (rows) clearPending(rows)
}
