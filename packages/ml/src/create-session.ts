// The one place where sessions of onnxruntime are made.
import { InferenceSession } from 'onnxruntime-node'
import { silenceRuntime } from './runtime-telemetry.ts'

/** A session over the bytes of an ONNX model. */
export function createSession(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  silenceRuntime()
  return InferenceSession.create(model, options)
}
