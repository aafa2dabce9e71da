// The transformer encoder of BERT and RoBERTa (Devlin et al. 2019), written once over the graph's operations.
import type { Value } from '../graph/index.ts'
import type { EncoderConfig } from './config.ts'
import type { Layers } from './layers.ts'
import { layerPrefix } from './parameters.ts'

/** What an encoder reads, however the texts are laid out in rows. */
export interface EncoderInputs {
  readonly wordIds: Value // [rows, length]
  readonly positionIds: Value // [rows, length]
  readonly tokenTypes: Value // [rows, length] or [1, 1]
  /** Added to the attention scores: 0 where a token may look, very negative elsewhere. */
  readonly mask: Value // broadcasts to [rows, heads, length, length]
  /** Each text's first token, all that the head reads. */
  readonly first: FirstTokens
}

/** Where the texts' first tokens stand: their rows, and the masks of their queries. */
export interface FirstTokens {
  /** Picks the first tokens' hidden states: [rows, length, width] → [texts, 1, width]. */
  select(hidden: Value): Value
  /** Lays keys or values beside each first token: [rows, length, width] → [texts, length, width]. */
  rowsOf(hidden: Value): Value
  readonly mask: Value // broadcasts to [texts, heads, 1, length]
}

/** Masked scores: far below any score, and finite, so that a row without any token stays a number. */
export const MASKED = -3.4028234663852886e38

function embeddings(layers: Layers, config: EncoderConfig, inputs: EncoderInputs): Value {
  const { graph } = layers
  const prefix = `${config.modelType}.embeddings`
  const words = layers.embed(inputs.wordIds, `${prefix}.word_embeddings.weight`)
  const types = layers.embed(inputs.tokenTypes, `${prefix}.token_type_embeddings.weight`)
  const positions = layers.embed(inputs.positionIds, `${prefix}.position_embeddings.weight`)
  const sum = graph.add('Add', [graph.add('Add', [words, types]), positions])
  return layers.dropout(layers.layerNorm(sum, `${prefix}.LayerNorm`, config.layerNormEps), 'hidden')
}

function activate(layers: Layers, config: EncoderConfig, x: Value): Value {
  if (config.hiddenAct === 'relu') return layers.graph.add('Relu', [x])
  return layers.graph.add('Gelu', [x], { approximate: config.hiddenAct === 'gelu' ? 'none' : 'tanh' })
}

/** All but the attention of one layer; `x` is what the attention's output is added to. */
function afterAttention(layers: Layers, config: EncoderConfig, x: Value, context: Value, prefix: string): Value {
  const { graph } = layers
  const projected = layers.dropout(layers.linear(context, `${prefix}.attention.output.dense`), 'hidden')
  const attended = graph.add('Add', [projected, x])
  const hidden = layers.layerNorm(attended, `${prefix}.attention.output.LayerNorm`, config.layerNormEps)
  const inner = activate(layers, config, layers.linear(hidden, `${prefix}.intermediate.dense`))
  const outer = layers.dropout(layers.linear(inner, `${prefix}.output.dense`), 'hidden')
  const output = graph.add('Add', [outer, hidden])
  return layers.layerNorm(output, `${prefix}.output.LayerNorm`, config.layerNormEps)
}

function encoderLayer(layers: Layers, config: EncoderConfig, x: Value, mask: Value, prefix: string): Value {
  const heads = config.numAttentionHeads
  const context = layers.attention({ prefix: `${prefix}.attention.self`, heads, from: x, to: x, lay: (y) => y, mask })
  return afterAttention(layers, config, x, context, prefix)
}

/** The last layer for the first tokens only: nothing reads what the others would become. */
function lastLayer(layers: Layers, config: EncoderConfig, x: Value, first: FirstTokens, prefix: string): Value {
  const from = first.select(x)
  const context = layers.attention({
    prefix: `${prefix}.attention.self`,
    heads: config.numAttentionHeads,
    from,
    to: x,
    lay: first.rowsOf,
    mask: first.mask,
  })
  return afterAttention(layers, config, from, context, prefix)
}

/** The hidden states of the texts' first tokens after all layers: [texts, 1, width]. */
export function encode(layers: Layers, config: EncoderConfig, inputs: EncoderInputs): Value {
  let x = embeddings(layers, config, inputs)
  const last = config.numHiddenLayers - 1
  for (let index = 0; index < last; index++) {
    x = encoderLayer(layers, config, x, inputs.mask, layerPrefix(config, index))
  }
  return lastLayer(layers, config, x, inputs.first, layerPrefix(config, last))
}
