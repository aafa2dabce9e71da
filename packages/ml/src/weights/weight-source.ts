// What a file of weights looks like to the rest of the room, whatever its format.
import type { Dtype } from './dtypes.ts'

export interface TensorEntry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
}

export interface WeightSource {
  readonly format: 'safetensors' | 'pytorch' | 'onnx'
  list(): readonly TensorEntry[]
  /** One tensor as floats, row-major. Throws MlError WEIGHTS_MISSING on an unknown name, WEIGHTS_UNSUPPORTED on its format. */
  read(name: string): Promise<Float32Array>
  close(): Promise<void>
}
