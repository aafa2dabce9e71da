// Weights, gradients and moments in WebAssembly memory, where the kernels and onnxruntime both reach them without a copy.
import type { Kernels } from './kernels.ts'
import { KERNELS_WASM } from './kernels.wasm.ts'
import { type ParameterSpec, type Placement, planMemories, STRIP_FLOATS } from './plan-memories.ts'
import {
  checkRow,
  clearPending,
  createTableRows,
  forgetFactors,
  listTouched,
  markPending,
  type TableRows,
} from './table-rows.ts'
import { loadWasm, type WasmUnit } from './web-assembly.ts'

/** One parameter, as the optimizer sees it. */
export interface StoredParameter {
  readonly spec: ParameterSpec
  readonly unit: WasmUnit<Kernels>
  readonly at: Placement
  /** Present where the parameter is a table. */
  readonly rows: TableRows | null
}

export interface ParameterStore {
  /** In the order of the specs. */
  readonly parameters: ReadonlyMap<string, StoredParameter>
  /** The values themselves; the same view at every call. Rows of a table are current after `prepareRows`. */
  values(name: string): Float32Array
  /** The gradients themselves, to write into or to add to; zero after each step. Tables take theirs by `addRows`. */
  gradients(name: string): Float32Array
  /** Adds to the gradients of a dense parameter. */
  addToGradients(name: string, source: Float32Array): void
  /** Adds gradients [ids.length, width] to the rows of a table; a repeated id gets the sum. Throws RangeError. */
  addRows(name: string, ids: Int32Array, gradients: Float32Array): void
  /** Rows that have moments, ascending. */
  touchedRows(name: string): Int32Array
  /** Brings rows up to date, for a forward pass that reads them from `values`. Throws RangeError. */
  prepareRows(name: string, ids: Int32Array): void
  /** A copy of the values, every row up to date. */
  readValues(name: string): Float32Array
  /** Replaces the values. */
  writeValues(name: string, source: Float32Array): void
  /** Sets all gradients to zero. */
  discardGradients(): void
}

export interface ParameterStoreOptions {
  /** Of one memory; more are opened as needed. At most MEMORY_LIMIT_BYTES, the default. */
  readonly memoryLimitBytes?: number
}

/**
 * Holds the parameters of one model. Memory is allocated once, zero, and committed by the system as it is written to; a
 * frozen parameter has values only. A name that the store doesn't have, or an array of another length, is a plain Error.
 */
export function createParameterStore(
  specs: readonly ParameterSpec[],
  options: ParameterStoreOptions = {},
): ParameterStore {
  const parameters = placeParameters(specs, options.memoryLimitBytes)
  const values = new Map([...parameters].map(([name, stored]) => [name, viewArray(stored, stored.at.values)]))
  const gradients = new Map([...parameters].map(([name, stored]) => [name, viewGradients(stored)]))
  const find = (name: string): StoredParameter => found(parameters.get(name), name)
  return {
    parameters,
    values: (name) => found(values.get(name), name),
    gradients: (name) => found(gradients.get(name), `dense ${name}`),
    addToGradients(name, source) {
      const stored = find(name)
      checkLength(source, stored.at.length, name)
      if (stored.spec.kind !== 'dense') throw new Error(`${name}: expected a dense parameter, got ${stored.spec.kind}`)
      addFloats(stored, trainedOffsets(stored).gradients, source)
    },
    addRows: (name, ids, source) => addRows(find(name), ids, source),
    touchedRows: (name) => listTouched(tableRows(find(name))),
    prepareRows(name, ids) {
      const stored = find(name)
      for (const id of ids) catchUp(stored, id)
    },
    readValues(name) {
      catchUpAll(find(name))
      return found(values.get(name), name).slice()
    },
    writeValues(name, source) {
      const stored = find(name)
      checkLength(source, stored.at.length, name)
      found(values.get(name), name).set(source)
      if (stored.rows) forgetFactors(stored.rows)
    },
    discardGradients() {
      for (const stored of parameters.values()) discardGradients(stored)
    },
  }
}

function placeParameters(
  specs: readonly ParameterSpec[],
  limitBytes: number | undefined,
): ReadonlyMap<string, StoredParameter> {
  const { memories, placements } = planMemories(specs, limitBytes)
  const open = loadWasm<Kernels>(KERNELS_WASM)
  const units = memories.map(open)
  return new Map(
    specs.map((spec) => {
      const at = found(placements.get(spec.name), spec.name)
      const rows = spec.kind === 'table' ? createTableRows(spec.shape, spec.name) : null
      return [spec.name, { spec, unit: found(units[at.memory], spec.name), at, rows }]
    }),
  )
}

/** All of the parameter's floats that start at a byte of its memory. */
export function viewArray(stored: StoredParameter, offset: number): Float32Array {
  return new Float32Array(stored.unit.buffer, offset, stored.at.length)
}

function viewGradients(stored: StoredParameter): Float32Array | undefined {
  return stored.spec.kind === 'dense' ? viewArray(stored, trainedOffsets(stored).gradients) : undefined
}

/** Where the gradients and moments are; throws on a frozen parameter. */
export function trainedOffsets(stored: StoredParameter): NonNullable<Placement['trained']> {
  return found(stored.at.trained, `trained ${stored.spec.name}`)
}

/** Adds floats from anywhere to those at `target`, carried over by the strip. */
function addFloats({ unit }: StoredParameter, target: number, source: Float32Array): void {
  const strip = new Float32Array(unit.buffer, 0, STRIP_FLOATS)
  for (let start = 0; start < source.length; start += STRIP_FLOATS) {
    const part = source.subarray(start, start + STRIP_FLOATS)
    strip.set(part)
    unit.kernels.add(target + start * 4, 0, part.length)
  }
}

function addRows(stored: StoredParameter, ids: Int32Array, source: Float32Array): void {
  const rows = tableRows(stored)
  const { name } = stored.spec
  checkLength(source, ids.length * rows.width, name)
  for (const id of ids) checkRow(rows, id, name)
  const { gradients } = trainedOffsets(stored)
  for (const [place, id] of ids.entries()) {
    const row = source.subarray(place * rows.width, (place + 1) * rows.width)
    addFloats(stored, gradients + id * rows.width * 4, row)
    markPending(rows, id)
  }
}

/** Applies what a row has missed. */
export function catchUp(stored: StoredParameter, row: number): void {
  const rows = tableRows(stored)
  checkRow(rows, row, stored.spec.name)
  const from = rows.applied[row]!
  if (rows.touched[row] === 1 || from === rows.factors.length) return
  const strip = new Float32Array(stored.unit.buffer, 0, STRIP_FLOATS)
  for (let start = from; start < rows.factors.length; start += STRIP_FLOATS) {
    const factors = rows.factors.slice(start, start + STRIP_FLOATS)
    strip.set(factors)
    const target = stored.at.values + row * rows.width * 4
    stored.unit.kernels.multiplyBySeries(target, rows.width, 0, factors.length)
  }
  rows.applied[row] = rows.factors.length
}

function catchUpAll(stored: StoredParameter): void {
  if (!stored.rows) return
  for (let row = 0; row < stored.rows.count; row++) catchUp(stored, row)
  forgetFactors(stored.rows)
}

function discardGradients(stored: StoredParameter): void {
  const { rows } = stored
  if (!rows) {
    viewGradients(stored)?.fill(0)
    return
  }
  const gradients = viewArray(stored, trainedOffsets(stored).gradients)
  for (const row of rows.pending) gradients.fill(0, row * rows.width, (row + 1) * rows.width)
  clearPending(rows)
}

function tableRows(stored: StoredParameter): TableRows {
  return found(stored.rows ?? undefined, `table ${stored.spec.name}`)
}

function checkLength(array: Float32Array, expected: number, name: string): void {
  if (array.length !== expected) throw new Error(`${name}: expected ${expected} values, got ${array.length}`)
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The store has no ${name}`)
  return value
}
