// A whole classifier: inputs, encoder, head, logits.
import type { Value } from '../graph/index.ts'
import type { EncoderConfig } from './config.ts'
import { encode } from './encoder.ts'
import { classificationHead } from './heads.ts'
import { packedInputs, paddedInputs } from './inputs.ts'
import type { Layers } from './layers.ts'

/** How texts come in: one a row with a padding mask, as published; or several a row, as served. */
export type Layout = 'padded' | 'packed'

/** Adds the classifier to the layers' graph; its output is `logits` [texts, labels], which are returned too. */
export function buildClassifier(layers: Layers, config: EncoderConfig, layout: Layout): Value {
  const inputs = layout === 'padded' ? paddedInputs(layers.graph, config) : packedInputs(layers.graph, config)
  const first = encode(layers, config, inputs)
  const logits = classificationHead(layers, config, first)
  layers.graph.output('logits', logits)
  return logits
}
