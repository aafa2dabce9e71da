// 8-bit weights, and layers over weights in memory.
export { loadWeights, weightsFromOnnx } from './load-weights.ts'
export type { ClassifierWeights, FloatTensor, QuantizedTensor, WeightTensor } from './tensors.ts'
export { type ByteEncoding, weightLayers } from './weight-layers.ts'
