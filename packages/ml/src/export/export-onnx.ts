// Writes a classifier's ONNX files, with the interface that transformers and transformers.js expect.
import { open } from 'node:fs/promises'
import { buildClassifier, type EncoderConfig } from '../encoders/index.ts'
import { Graph } from '../graph/index.ts'
import { onnxChunks } from '../onnx/index.ts'
import { loadWeights, weightLayers } from '../quantize/index.ts'
import type { WeightSource } from '../weights/index.ts'

export interface ExportOptions {
  /** 8-bit weights and embeddings, or float32 throughout. */
  readonly quantize: boolean
  /** How 8-bit weights are written: unsigned by default, which no CPU computes wrongly. */
  readonly encoding?: 'uint8' | 'int8'
}

/** Writes the file anew; its name appears only with whole contents if the caller renames its folder into place. */
async function writeChunks(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const chunk of chunks) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * The model as an ONNX file: inputs input_ids, attention_mask and (BERT) token_type_ids, int64 [batch, sequence];
 * output logits [batch, labels].
 */
export async function exportOnnx(
  source: WeightSource,
  config: EncoderConfig,
  path: string,
  options: ExportOptions,
): Promise<void> {
  const weights = await loadWeights(source, config, options)
  const graph = new Graph()
  buildClassifier(weightLayers(graph, weights, options.encoding ?? 'uint8'), config, 'padded')
  await writeChunks(path, onnxChunks(graph, config.modelType))
}
