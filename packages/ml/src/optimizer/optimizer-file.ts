// The optimizer's part of a checkpoint: moments, counts of steps, and which rows of a table have any.
import { MlError } from '../errors.ts'
import { openSafetensors, type SafetensorsSource, type TensorToWrite, writeSafetensors } from '../weights/index.ts'
import type { ParameterStore } from './parameter-store.ts'
import { type StoredParameter, trainedArrays, viewArray } from './stored-parameter.ts'
import { forgetFactors, listTouched } from './table-rows.ts'

const FORMAT = 'renown-adamw-1'

/** A 32-bit float holds whole numbers up to here, so row numbers below it are stored as such. */
const MOST_ROWS = 2 ** 24

/**
 * Writes a safetensors file, all or nothing. A parameter has `.exp_avg` and `.exp_avg_sq`, PyTorch's names of the
 * moments; a table has those of its touched rows, and `.rows` says which they are.
 */
export async function saveOptimizer(
  path: string,
  store: ParameterStore,
  steps: ReadonlyMap<string, number>,
): Promise<void> {
  const tensors = trainedOf(store).flatMap(describeMoments)
  const metadata = { format: FORMAT, steps: JSON.stringify(Object.fromEntries(steps)) }
  await writeSafetensors(path, tensors, { metadata })
}

/** Checks the whole file against the store, then replaces the state. Throws MlError CHECKPOINT_INVALID. */
export async function loadOptimizer(path: string, store: ParameterStore, steps: Map<string, number>): Promise<void> {
  const source = await openCheckpoint(path)
  try {
    const savedSteps = readSteps(source, [...steps.keys()])
    const shapes = new Map(source.list().map(({ name, shape }) => [name, shape]))
    const rowsByName = new Map<string, Int32Array>()
    for (const stored of trainedOf(store)) {
      if (stored.rows) rowsByName.set(stored.spec.name, await readRows(source, stored, shapes))
      checkMoments(stored, rowsByName.get(stored.spec.name)?.length, shapes)
    }
    store.discardGradients()
    for (const stored of trainedOf(store)) await readMoments(source, stored, rowsByName.get(stored.spec.name))
    for (const [name, step] of savedSteps) steps.set(name, step)
  } finally {
    await source.close()
  }
}

function trainedOf(store: ParameterStore): StoredParameter[] {
  return [...store.parameters.values()].filter(({ spec }) => spec.kind !== 'frozen')
}

function momentArrays(stored: StoredParameter): { readonly suffix: string; readonly values: Float32Array }[] {
  const { means, squares } = trainedArrays(stored)
  return [
    { suffix: 'exp_avg', values: viewArray(stored, means) },
    { suffix: 'exp_avg_sq', values: viewArray(stored, squares) },
  ]
}

function describeMoments(stored: StoredParameter): TensorToWrite[] {
  const { spec, rows } = stored
  if (!rows) {
    return momentArrays(stored).map(({ suffix, values }) => ({
      name: `${spec.name}.${suffix}`,
      shape: spec.shape,
      data: values,
    }))
  }
  if (rows.count > MOST_ROWS) throw new Error(`${spec.name}: expected at most ${MOST_ROWS} rows, got ${rows.count}`)
  const touched = listTouched(rows)
  return [
    { name: `${spec.name}.rows`, shape: [touched.length], data: Float32Array.from(touched) },
    ...momentArrays(stored).map(({ suffix, values }) => ({
      name: `${spec.name}.${suffix}`,
      shape: [touched.length, rows.width],
      data: () => gatherRows(values, touched, rows.width),
    })),
  ]
}

function gatherRows(values: Float32Array, ids: Int32Array, width: number): Float32Array {
  const gathered = new Float32Array(ids.length * width)
  for (const [place, id] of ids.entries()) gathered.set(values.subarray(id * width, (id + 1) * width), place * width)
  return gathered
}

async function openCheckpoint(path: string): Promise<SafetensorsSource> {
  try {
    return await openSafetensors(path)
  } catch (error) {
    if (!(error instanceof MlError)) throw error
    throw new MlError('CHECKPOINT_INVALID', `The optimizer's state can't be read: ${error.message}`, { cause: error })
  }
}

function readSteps(source: SafetensorsSource, names: readonly string[]): Map<string, number> {
  if (source.metadata.format !== FORMAT) {
    throw invalid(`expected the format ${FORMAT}, got ${source.metadata.format ?? 'none'}`)
  }
  const saved = parseSteps(source.metadata.steps ?? '')
  if (saved.size !== names.length) throw invalid(`expected ${names.length} parameters, got ${saved.size}`)
  return new Map(
    names.map((name) => {
      const step = saved.get(name)
      if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0) {
        throw invalid(`expected the number of steps of ${name}, got ${step}`)
      }
      return [name, step]
    }),
  )
}

function parseSteps(text: string): Map<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return new Map(Object.entries(value))
  } catch (error) {
    throw new MlError('CHECKPOINT_INVALID', 'The optimizer’s state: its steps are not JSON', { cause: error })
  }
  throw invalid('expected an object of steps')
}

async function readRows(source: SafetensorsSource, stored: StoredParameter, shapes: Shapes): Promise<Int32Array> {
  const name = `${stored.spec.name}.rows`
  const shape = shapes.get(name)
  const count = stored.rows?.count ?? 0
  if (shape?.length !== 1) throw invalid(`expected ${name} to be a list, got ${describeShape(shape)}`)
  const rows = await source.read(name)
  for (const [place, row] of rows.entries()) {
    const least = place === 0 ? 0 : rows[place - 1]! + 1
    if (!(Number.isInteger(row) && row >= least && row < count)) {
      throw invalid(`expected ${name} to rise below ${count}, got ${row} at ${place}`)
    }
  }
  return Int32Array.from(rows)
}

type Shapes = ReadonlyMap<string, readonly number[]>

function checkMoments(stored: StoredParameter, touched: number | undefined, shapes: Shapes): void {
  const expected = stored.rows ? [touched ?? 0, stored.rows.width] : stored.spec.shape
  for (const { suffix } of momentArrays(stored)) {
    const name = `${stored.spec.name}.${suffix}`
    const got = shapes.get(name)
    if (got?.length !== expected.length || !got.every((size, axis) => size === expected[axis])) {
      throw invalid(`expected ${name} of ${describeShape(expected)}, got ${describeShape(got)}`)
    }
  }
}

async function readMoments(
  source: SafetensorsSource,
  stored: StoredParameter,
  touched: Int32Array | undefined,
): Promise<void> {
  for (const { suffix, values } of momentArrays(stored)) {
    const saved = await source.read(`${stored.spec.name}.${suffix}`)
    if (stored.rows) scatterRows(values, saved, stored, touched ?? new Int32Array())
    else values.set(saved)
  }
  if (!stored.rows) return
  stored.rows.touched.fill(0)
  for (const row of touched ?? []) stored.rows.touched[row] = 1
  forgetFactors(stored.rows)
}

/** Rows that had moments before and have none in the file are set to zero; the others were never written to. */
function scatterRows(values: Float32Array, saved: Float32Array, stored: StoredParameter, touched: Int32Array): void {
  if (!stored.rows) return
  const { width } = stored.rows
  for (const row of listTouched(stored.rows)) values.fill(0, row * width, (row + 1) * width)
  for (const [place, row] of touched.entries()) {
    values.set(saved.subarray(place * width, (place + 1) * width), row * width)
  }
}

function describeShape(shape: readonly number[] | undefined): string {
  return shape ? `[${shape.join(', ')}]` : 'nothing'
}

function invalid(what: string): MlError {
  return new MlError('CHECKPOINT_INVALID', `The optimizer's state doesn't fit: ${what}`)
}
