// Weights on disk: safetensors in and out, pickled checkpoints in.
export { DTYPE_BYTES, type Dtype } from './dtypes.ts'
export { openWeights } from './open-weights.ts'
export { openPytorch } from './pytorch-reader.ts'
export { type RequiredWeight, type RequiredWeights, requireWeights } from './require-weights.ts'
export { openSafetensors, type SafetensorsSource } from './safetensors-reader.ts'
export { type SafetensorsOptions, type TensorToWrite, writeSafetensors } from './safetensors-writer.ts'
export type { TensorEntry, WeightSource } from './weight-source.ts'
