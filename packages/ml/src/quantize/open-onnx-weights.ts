// The weights inside one of our ONNX files, as a checkpoint has them: what 8-bit ones stand for, in floats.
import { readFile } from 'node:fs/promises'
import { MlError } from '../errors.ts'
import type { TensorData } from '../graph/index.ts'
import { readOnnxTensors } from '../onnx/index.ts'
import type { TensorEntry, WeightSource } from '../weights/index.ts'
import { ZERO_POINT } from './tensors.ts'
import { quantizedNames } from './weight-layers.ts'

const VALUES = /_quantized$/

/**
 * Reads the whole file. A linear weight, stored [in, out] with scales [out], comes back as [out, in]; a table's scales are
 * [rows, 1]. Throws MlError MODEL_FILE_INVALID on a damaged file.
 */
export async function openOnnxWeights(path: string): Promise<WeightSource> {
  const tensors = readOnnxTensors(await readFile(path))
  const entries = [...tensors].flatMap(([name, tensor]) => describeTensor(tensors, name, tensor))
  const known = new Map(entries.map((entry) => [entry.name, entry]))
  return {
    format: 'onnx',
    list: () => entries,
    read: (name) =>
      known.has(name)
        ? Promise.resolve(readTensor(tensors, name))
        : Promise.reject(new MlError('WEIGHTS_MISSING', `${path}: expected the tensor ${name}, got none`)),
    close: () => Promise.resolve(),
  }
}

type Tensors = ReadonlyMap<string, TensorData>

function describeTensor(tensors: Tensors, stored: string, { type, shape }: TensorData): TensorEntry[] {
  if (type === 'float32' && !stored.endsWith('_scale')) return [{ name: stored, dtype: 'F32', shape }]
  const name = stored.replace(VALUES, '')
  const scales = tensors.get(quantizedNames(name).scales)
  if (name === stored || scales === undefined || shape.length !== 2) return []
  return [{ name, dtype: 'F32', shape: isTable(scales) ? shape : [...shape].reverse() }]
}

function isTable(scales: TensorData): boolean {
  return scales.shape.length === 2
}

function readTensor(tensors: Tensors, name: string): Float32Array {
  const float = tensors.get(name)
  if (float !== undefined) return floatsOf(float)
  const { values, scales } = quantizedNames(name)
  return dequantize(tensors.get(values) as TensorData, tensors.get(scales) as TensorData)
}

/** The bytes may lie anywhere in the file, on no multiple of four. */
function floatsOf({ bytes }: TensorData): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer)
}

function dequantize(values: TensorData, scaleTensor: TensorData): Float32Array {
  const [rows, columns] = values.shape as readonly [number, number]
  const scales = floatsOf(scaleTensor)
  const table = isTable(scaleTensor)
  const zero = values.type === 'uint8' ? ZERO_POINT : 0
  const bytes = zero === 0 ? new Int8Array(new Uint8Array(values.bytes).buffer) : values.bytes
  const floats = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = (bytes[row * columns + column] ?? 0) - zero
      if (table) floats[row * columns + column] = value * (scales[row] ?? 0)
      else floats[column * rows + row] = value * (scales[column] ?? 0)
    }
  }
  return floats
}
