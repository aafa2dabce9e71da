// The tensors inside an ONNX file (its initializers), as views of the file's bytes.
import { MlError } from '../errors.ts'
import { BYTES_PER_ELEMENT, DATA_TYPES, type DataType, type TensorData } from '../graph/index.ts'
import { readFields } from './protobuf-reader.ts'

const TYPE_OF_NUMBER = new Map<number, DataType>(
  Object.entries(DATA_TYPES).map(([name, number]) => [number, name as DataType]),
)

interface TensorFields {
  readonly shape: number[]
  type: DataType | undefined
  name: string
  raw: Uint8Array | undefined
}

/** What to do with each field of TensorProto that we read: dims, data_type, name, raw_data. */
const NUMBERS: Readonly<Record<number, (tensor: TensorFields, value: number) => void>> = {
  1: (tensor, value) => tensor.shape.push(value),
  2: (tensor, value) => {
    tensor.type = TYPE_OF_NUMBER.get(value)
  },
}
const BYTE_FIELDS: Readonly<Record<number, (tensor: TensorFields, value: Uint8Array) => void>> = {
  1: (tensor, value) => tensor.shape.push(...packedVarints(value)),
  8: (tensor, value) => {
    tensor.name = new TextDecoder().decode(value)
  },
  9: (tensor, value) => {
    tensor.raw = value
  },
}

function readTensor(bytes: Uint8Array): { readonly name: string; readonly data: TensorData } | null {
  const tensor: TensorFields = { shape: [], type: undefined, name: '', raw: undefined }
  for (const part of readFields(bytes)) {
    if (part.kind === 'varint') NUMBERS[part.field]?.(tensor, part.value)
    else if (part.kind === 'bytes') BYTE_FIELDS[part.field]?.(tensor, part.value)
  }
  const { name, type, shape, raw } = tensor
  if (type === undefined || raw === undefined) return null
  const expected = shape.reduce((total, dim) => total * dim, 1) * BYTES_PER_ELEMENT[type]
  if (raw.byteLength !== expected) {
    throw new MlError('MODEL_FILE_INVALID', `${name} [${shape}]: expected ${expected} bytes, got ${raw.byteLength}`)
  }
  return { name, data: { type, shape, bytes: raw } }
}

/** A repeated integer field may come packed: several varints in one byte field. */
function packedVarints(bytes: Uint8Array): number[] {
  const values: number[] = []
  let value = 0
  let scale = 1
  for (const byte of bytes) {
    value += (byte & 127) * scale
    scale *= 128
    if (byte < 128) {
      values.push(value)
      value = 0
      scale = 1
    }
  }
  return values
}

/**
 * The tensors of an ONNX file by name; those in other forms than raw bytes of our types are left out.
 * Fields: ModelProto 7 graph; GraphProto 5 initializer (onnx.proto3).
 * @throws MlError MODEL_FILE_INVALID for a damaged file
 */
export function readOnnxTensors(file: Uint8Array): Map<string, TensorData> {
  const tensors = new Map<string, TensorData>()
  for (const model of readFields(file)) {
    if (model.field !== 7 || model.kind !== 'bytes') continue
    for (const graph of readFields(model.value)) {
      const tensor = graph.field === 5 && graph.kind === 'bytes' ? readTensor(graph.value) : null
      if (tensor) tensors.set(tensor.name, tensor.data)
    }
  }
  if (tensors.size === 0) throw new MlError('MODEL_FILE_INVALID', 'ONNX file: expected tensors, got none')
  return tensors
}
