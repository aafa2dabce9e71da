// ONNX files out of checkpoints.
export { type ExportOptions, exportOnnx } from './export-onnx.ts'
