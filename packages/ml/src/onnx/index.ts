// ONNX files: our writer, and a reader of their tensors.
export { readOnnxTensors } from './read-tensors.ts'
export { onnxChunks, writeOnnx } from './write-model.ts'
