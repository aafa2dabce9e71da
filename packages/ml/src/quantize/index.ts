// 8-bit weights, and layers over weights in memory.
export { loadWeights, weightsFromOnnx } from './load-weights.ts'
export { openOnnxWeights } from './open-onnx-weights.ts'
export type { ClassifierWeights } from './tensors.ts'
export { servedLayers, weightLayers } from './weight-layers.ts'
