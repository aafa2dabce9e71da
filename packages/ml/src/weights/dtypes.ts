// Number formats of stored tensors, and their conversion to and from Float32Array.
import { MlError } from '../errors.ts'
import { describeValue } from './describe-value.ts'
import { floatsFromHalves } from './half-floats.ts'

/** Bytes per element, by safetensors' name of the format. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const

export type Dtype = keyof typeof DTYPE_BYTES

export function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(DTYPE_BYTES, value)
}

/** Formats that `read` turns into floats; the others can be listed and skipped. */
export const READABLE_DTYPES: readonly Dtype[] = ['F64', 'F32', 'F16', 'BF16', 'I64', 'I32', 'I16', 'I8', 'U8', 'BOOL']

/**
 * Little-endian bytes as floats. For F32 the result shares the bytes' memory, so that a tensor is never held twice; `bytes`
 * must start at a multiple of 8 in its buffer.
 */
export function toFloats(bytes: Uint8Array, dtype: Dtype): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes
  const length = byteLength / DTYPE_BYTES[dtype]
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, length)
    case 'F16':
      return floatsFromHalves(new Uint16Array(buffer, byteOffset, length))
    case 'BF16':
      return floatsFromBrainFloats(new Uint16Array(buffer, byteOffset, length))
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, length))
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, length), Number)
    case 'I32':
      return Float32Array.from(new Int32Array(buffer, byteOffset, length))
    case 'I16':
      return Float32Array.from(new Int16Array(buffer, byteOffset, length))
    case 'I8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, length))
    case 'U8':
    case 'BOOL':
      return Float32Array.from(bytes)
    default:
      throw new MlError('WEIGHTS_UNSUPPORTED', `Weights: expected one of ${READABLE_DTYPES.join(', ')}, got ${dtype}`)
  }
}

/** bfloat16 is the upper half of a float32. */
function floatsFromBrainFloats(values: Uint16Array): Float32Array {
  const bits = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) bits[i] = (values[i] ?? 0) << 16
  return new Float32Array(bits.buffer)
}

/**
 * How many elements a shape has. Throws WEIGHTS_INVALID on anything but a short list of whole, non-negative sizes whose
 * product is a safe integer.
 */
export function countElements(shape: readonly unknown[], name: string): number {
  if (shape.length > 16)
    throw new MlError('WEIGHTS_INVALID', `${name}: expected at most 16 dimensions, got ${shape.length}`)
  let count = 1
  for (const size of shape) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw new MlError('WEIGHTS_INVALID', `${name}: expected whole sizes of at least 0, got ${describeValue(size)}`)
    }
    count *= size
  }
  if (!Number.isSafeInteger(count)) {
    throw new MlError('WEIGHTS_INVALID', `${name}: a shape of [${shape.join(', ')}] is larger than any file`)
  }
  return count
}
