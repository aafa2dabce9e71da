// A model folder of ours from a checkpoint, by the command that a user has.
import { RENOWN_BIN } from './folders.ts'
import { runToEnd } from './process.ts'

/** Resolves to `output`, which holds onnx/model.onnx and onnx/model_quantized.onnx. */
export async function exportModel(checkpoint: string, output: string): Promise<string> {
  await runToEnd({ file: process.execPath, args: [RENOWN_BIN, 'export', checkpoint, '--output', output] })
  return output
}
