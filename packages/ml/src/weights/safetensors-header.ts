// The header of a safetensors file: names, formats, shapes and places, checked before any of it is trusted.
import { MlError } from '../errors.ts'
import { describeValue } from './describe-value.ts'
import { countElements, DTYPE_BYTES, type Dtype, isDtype } from './dtypes.ts'
import { listTopLevelKeys } from './json-keys.ts'
import type { TensorEntry } from './weight-source.ts'

/** Largest header that is read, as in the reference implementation (MAX_HEADER_SIZE in safetensors/src/tensor.rs). */
export const MAX_HEADER_BYTES = 100_000_000

export interface PlacedTensor extends TensorEntry {
  /** First byte and length, counted from the end of the header. */
  readonly start: number
  readonly bytes: number
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, PlacedTensor>
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Parses a header and checks it as the reference does (Metadata::validate): the tensors fill the `dataBytes` behind the
 * header without gaps or overlaps, and each has the size that its format and shape ask for. Also refuses repeated names.
 */
export function parseSafetensorsHeader(json: string, dataBytes: number, file: string): SafetensorsHeader {
  const header = parseObject(json, file)
  refuseRepeatedNames(json, file)
  const tensors = new Map<string, PlacedTensor>()
  let metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = parseMetadata(value, file)
    else tensors.set(name, parseTensor(name, value, file))
  }
  checkPlaces([...tensors.values()], dataBytes, file)
  return { tensors, metadata }
}

function parseObject(json: string, file: string): Record<string, unknown> {
  let header: unknown
  try {
    header = JSON.parse(json)
  } catch (error) {
    throw new MlError('WEIGHTS_INVALID', `${file}: the header is not valid JSON`, { cause: error })
  }
  if (isObject(header)) return header
  throw new MlError('WEIGHTS_INVALID', `${file}: the header is not a JSON object`)
}

function parseTensor(name: string, value: unknown, file: string): PlacedTensor {
  const where = `${file}: ${name.slice(0, 200)}`
  if (!isObject(value)) throw new MlError('WEIGHTS_INVALID', `${where}: expected an object that describes a tensor`)
  const { dtype, shape, data_offsets: offsets } = value
  if (!isDtype(dtype))
    throw new MlError('WEIGHTS_UNSUPPORTED', `${where}: unknown number format ${describeValue(dtype)}`)
  if (!Array.isArray(shape)) throw new MlError('WEIGHTS_INVALID', `${where}: expected a shape`)
  const elements = countElements(shape, where)
  const [start, end] = parseOffsets(offsets, where)
  checkSize(dtype, shape, elements, end - start, where)
  return { name, dtype, shape, start, bytes: end - start }
}

function checkSize(dtype: Dtype, shape: readonly number[], elements: number, bytes: number, where: string): void {
  const expected = elements * DTYPE_BYTES[dtype]
  if (bytes === expected) return
  throw new MlError(
    'WEIGHTS_INVALID',
    `${where}: ${dtype} [${shape.join(', ')}] takes ${expected} bytes, but its place holds ${bytes}`,
  )
}

function parseOffsets(value: unknown, where: string): [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    const [start, end] = value
    if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return [start, end]
  }
  throw new MlError(
    'WEIGHTS_INVALID',
    `${where}: expected data_offsets [start, end], got ${Array.isArray(value) ? value.map(describeValue).join(', ').slice(0, 80) : describeValue(value)}`,
  )
}

function checkPlaces(tensors: PlacedTensor[], dataBytes: number, file: string): void {
  let end = 0
  for (const tensor of tensors.sort((a, b) => a.start - b.start || a.bytes - b.bytes)) {
    if (tensor.start !== end) {
      const fault = tensor.start < end ? 'overlaps another tensor' : 'leaves a gap before it'
      throw new MlError(
        'WEIGHTS_INVALID',
        `${file}: ${tensor.name} ${fault}: expected it at byte ${end}, got ${tensor.start}`,
      )
    }
    end += tensor.bytes
  }
  if (end !== dataBytes) {
    throw new MlError(
      'WEIGHTS_INVALID',
      `${file}: the header describes ${end} bytes of tensors, the file holds ${dataBytes}`,
    )
  }
}

function refuseRepeatedNames(json: string, file: string): void {
  const seen = new Set<string>()
  for (const name of listTopLevelKeys(json)) {
    if (seen.has(name))
      throw new MlError('WEIGHTS_INVALID', `${file}: ${name.slice(0, 200)} stands in the header twice`)
    seen.add(name)
  }
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  if (!isObject(value))
    throw new MlError('WEIGHTS_INVALID', `${file}: expected __metadata__ to be an object of strings`)
  const strings = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(strings)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
