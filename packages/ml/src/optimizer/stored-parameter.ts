// One parameter in WebAssembly memory: where its arrays are, and the kernels that reach them.
import type { Kernels } from './kernels.ts'
import { KERNELS_WASM } from './kernels.wasm.ts'
import { type ParameterSpec, type Placement, planMemories, STRIP_FLOATS, type TrainedArrays } from './plan-memories.ts'
import { createTableRows, type TableRows } from './table-rows.ts'
import { loadWasm, type WasmUnit } from './web-assembly.ts'

export interface StoredParameter {
  readonly spec: ParameterSpec
  readonly unit: WasmUnit<Kernels>
  readonly at: Placement
  /** Null where the parameter isn't a table. */
  readonly rows: TableRows | null
}

/** Opens the memories that the parameters need, and places them there. */
export function placeParameters(
  specs: readonly ParameterSpec[],
  memoryLimitBytes: number | undefined,
): ReadonlyMap<string, StoredParameter> {
  const { memories, placements } = planMemories(specs, memoryLimitBytes)
  const units = memories.map(loadWasm<Kernels>(KERNELS_WASM))
  return new Map(
    specs.map((spec) => {
      const at = expectFound(placements.get(spec.name), spec.name)
      const rows = spec.kind === 'table' ? createTableRows(spec) : null
      return [spec.name, { spec, unit: expectFound(units[at.memory], spec.name), at, rows }]
    }),
  )
}

/** All of the parameter's floats that start at a byte of its memory. */
export function viewArray(stored: StoredParameter, offset: number): Float32Array {
  return new Float32Array(stored.unit.buffer, offset, stored.at.length)
}

/** Where the gradients and moments are; throws on a frozen parameter. */
export function trainedArrays(stored: StoredParameter): TrainedArrays {
  return expectFound(stored.at.trained, `trained ${stored.spec.name}`)
}

/** Adds floats from anywhere to those at the byte `target`; the strip at the start of the memory carries them over. */
export function addFloats({ unit }: StoredParameter, target: number, source: Float32Array): void {
  const strip = new Float32Array(unit.buffer, 0, STRIP_FLOATS)
  for (let start = 0; start < source.length; start += STRIP_FLOATS) {
    const part = source.subarray(start, start + STRIP_FLOATS)
    strip.set(part)
    unit.kernels.add(target + start * 4, 0, part.length)
  }
}

/** Multiplies floats that start at the byte `target` by all factors, one after the other. */
export function multiplyBySeries(
  { unit }: StoredParameter,
  target: number,
  count: number,
  factors: readonly number[],
): void {
  const strip = new Float32Array(unit.buffer, 0, STRIP_FLOATS)
  for (let start = 0; start < factors.length; start += STRIP_FLOATS) {
    const part = factors.slice(start, start + STRIP_FLOATS)
    strip.set(part)
    unit.kernels.multiplyBySeries(target, count, 0, part.length)
  }
}

export function expectLength(array: Float32Array, expected: number, name: string): void {
  if (array.length !== expected) throw new Error(`${name}: expected ${expected} values, got ${array.length}`)
}

export function expectFound<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The store has no ${name}`)
  return value
}
