// The parameters of a classifier: the checkpoint's own names, shapes, and what each is for.
import type { EncoderConfig } from './config.ts'

/** `embedding`: a table of rows; `linear`: [out, in] inside the encoder; `vector`: bias or norm; `head`: after the encoder. */
export type ParameterRole = 'embedding' | 'linear' | 'vector' | 'head'

export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly role: ParameterRole
}

function linear(prefix: string, outputs: number, inputs: number, role: 'linear' | 'head' = 'linear'): Parameter[] {
  return [
    { name: `${prefix}.weight`, shape: [outputs, inputs], role },
    { name: `${prefix}.bias`, shape: [outputs], role: role === 'head' ? 'head' : 'vector' },
  ]
}

function norm(prefix: string, width: number): Parameter[] {
  return ['weight', 'bias'].map((name) => ({ name: `${prefix}.${name}`, shape: [width], role: 'vector' as const }))
}

function embeddings(config: EncoderConfig): Parameter[] {
  const width = config.hiddenSize
  const prefix = `${config.modelType}.embeddings`
  const table = (name: string, rows: number): Parameter => ({
    name: `${prefix}.${name}.weight`,
    shape: [rows, width],
    role: 'embedding',
  })
  return [
    table('word_embeddings', config.vocabSize),
    table('position_embeddings', config.maxPositionEmbeddings),
    table('token_type_embeddings', config.typeVocabSize),
    ...norm(`${prefix}.LayerNorm`, width),
  ]
}

function layer(config: EncoderConfig, index: number): Parameter[] {
  const { hiddenSize: width, intermediateSize: inner } = config
  const prefix = layerPrefix(config, index)
  return [
    ...linear(`${prefix}.attention.self.query`, width, width),
    ...linear(`${prefix}.attention.self.key`, width, width),
    ...linear(`${prefix}.attention.self.value`, width, width),
    ...linear(`${prefix}.attention.output.dense`, width, width),
    ...norm(`${prefix}.attention.output.LayerNorm`, width),
    ...linear(`${prefix}.intermediate.dense`, inner, width),
    ...linear(`${prefix}.output.dense`, width, inner),
    ...norm(`${prefix}.output.LayerNorm`, width),
  ]
}

/** BERT: pooler and one linear layer; RoBERTa: a head of two (transformers' modeling_bert, modeling_roberta). */
function head(config: EncoderConfig): Parameter[] {
  const { hiddenSize: width, labels } = config
  return config.modelType === 'bert'
    ? [...linear('bert.pooler.dense', width, width, 'head'), ...linear('classifier', labels.length, width, 'head')]
    : [
        ...linear('classifier.dense', width, width, 'head'),
        ...linear('classifier.out_proj', labels.length, width, 'head'),
      ]
}

/** `bert.encoder.layer.3` */
export function layerPrefix(config: EncoderConfig, index: number): string {
  return `${config.modelType}.encoder.layer.${index}`
}

/** Every parameter that the model uses; what a checkpoint carries beside them is ignored. */
export function classifierParameters(config: EncoderConfig): readonly Parameter[] {
  const layers = Array.from({ length: config.numHiddenLayers }, (_, index) => layer(config, index))
  return [...embeddings(config), ...layers.flat(), ...head(config)]
}
