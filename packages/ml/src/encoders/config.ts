// config.json of a BERT or RoBERTa classifier, checked; names as in transformers' PretrainedConfig.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MlError } from '../errors.ts'

export const MODEL_TYPES = ['bert', 'roberta'] as const
export type ModelType = (typeof MODEL_TYPES)[number]

/** Activations by their name in config.json: the operation that each is. */
export const ACTIVATIONS = {
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  relu: 'relu',
} as const
export type Activation = (typeof ACTIVATIONS)[keyof typeof ACTIVATIONS]

export interface EncoderConfig {
  readonly modelType: ModelType
  readonly hiddenSize: number
  readonly numHiddenLayers: number
  readonly numAttentionHeads: number
  readonly intermediateSize: number
  readonly vocabSize: number
  readonly maxPositionEmbeddings: number
  readonly typeVocabSize: number
  readonly layerNormEps: number
  readonly padTokenId: number
  readonly hiddenAct: Activation
  readonly hiddenDropoutProb: number
  readonly attentionProbsDropoutProb: number
  readonly classifierDropout: number
  /** Class names in the order of the logits. */
  readonly labels: readonly string[]
}

/** The keys of config.json that are read; none is trusted. */
type Json = {
  readonly [Key in
    | 'model_type'
    | 'architectures'
    | 'is_decoder'
    | 'add_cross_attention'
    | 'hidden_act'
    | 'position_embedding_type'
    | 'id2label'
    | 'pad_token_id']?: unknown
} & Readonly<Record<string, unknown>>

/** Sizes beyond these are a damaged or hostile file, not a model. */
const LARGEST = { layers: 256, width: 65_536, vocabulary: 4_000_000, positions: 1_000_000, labels: 10_000 } as const

function integer(json: Json, name: string, largest: number, fallback?: number): number {
  const value = json[name] ?? fallback
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > largest) {
    throw new MlError(
      'CONFIG_INVALID',
      `config.json: ${name}: expected a whole number from 1 to ${largest}, got ${shown(value)}`,
    )
  }
  return value
}

function fraction(json: Json, name: string, fallback: number): number {
  const value = json[name] ?? fallback
  if (typeof value !== 'number' || !(value >= 0 && value < 1)) {
    throw new MlError(
      'CONFIG_INVALID',
      `config.json: ${name}: expected a number from 0 to below 1, got ${shown(value)}`,
    )
  }
  return value
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80)
}

function modelType(json: Json): ModelType {
  const type = json.model_type
  const known = MODEL_TYPES.find((name) => name === type)
  if (!known) {
    throw new MlError(
      'ARCHITECTURE_UNSUPPORTED',
      `config.json: model_type: expected ${MODEL_TYPES.join(' or ')}, got ${shown(type)}`,
    )
  }
  const architecture = Array.isArray(json.architectures) ? json.architectures[0] : undefined
  if (architecture !== undefined && !String(architecture).endsWith('ForSequenceClassification')) {
    throw new MlError(
      'ARCHITECTURE_UNSUPPORTED',
      `config.json: architectures: expected a …ForSequenceClassification, got ${shown(architecture)}`,
    )
  }
  if (json.is_decoder === true || json.add_cross_attention === true) {
    throw new MlError(
      'ARCHITECTURE_UNSUPPORTED',
      'config.json: expected an encoder, got a decoder (is_decoder or add_cross_attention)',
    )
  }
  return known
}

function activation(json: Json): Activation {
  const name = json.hidden_act ?? 'gelu'
  if (typeof name !== 'string' || !Object.hasOwn(ACTIVATIONS, name)) {
    throw new MlError(
      'ACTIVATION_UNSUPPORTED',
      `config.json: hidden_act: expected one of ${Object.keys(ACTIVATIONS).join(', ')}, got ${shown(name)}`,
    )
  }
  return ACTIVATIONS[name as keyof typeof ACTIVATIONS]
}

function expectAbsolutePositions(json: Json): void {
  const type = json.position_embedding_type ?? 'absolute'
  if (type !== 'absolute') {
    throw new MlError(
      'POSITIONS_UNSUPPORTED',
      `config.json: position_embedding_type: expected "absolute", got ${shown(type)}`,
    )
  }
}

/** id2label in the order of its keys, which must be 0 … n − 1; without it, num_labels gives LABEL_0, LABEL_1, … */
function labels(json: Json): readonly string[] {
  const given = json.id2label
  if (given === undefined || given === null) {
    const count = integer(json, 'num_labels', LARGEST.labels, 2)
    return Array.from({ length: count }, (_, index) => `LABEL_${index}`)
  }
  const table = new Map(Object.entries(given as Json))
  const names = Array.from({ length: table.size }, (_, index) => table.get(String(index)))
  if (names.length === 0 || names.length > LARGEST.labels || !names.every((name) => typeof name === 'string')) {
    throw new MlError('CONFIG_INVALID', `config.json: id2label: expected names for 0 … n − 1, got ${shown(given)}`)
  }
  return names as string[]
}

function padTokenId(json: Json, type: ModelType, vocabSize: number): number {
  const value = json.pad_token_id ?? (type === 'roberta' ? 1 : 0)
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= vocabSize) {
    throw new MlError('CONFIG_INVALID', `config.json: pad_token_id: expected 0 … ${vocabSize - 1}, got ${shown(value)}`)
  }
  return value
}

/**
 * Checks a parsed config.json.
 * @throws MlError ARCHITECTURE_UNSUPPORTED, ACTIVATION_UNSUPPORTED, POSITIONS_UNSUPPORTED, CONFIG_INVALID
 */
export function parseEncoderConfig(json: unknown): EncoderConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new MlError('CONFIG_INVALID', `config.json: expected an object, got ${shown(json)}`)
  }
  const config = json as Json
  const type = modelType(config)
  expectAbsolutePositions(config)
  const hiddenSize = integer(config, 'hidden_size', LARGEST.width)
  const numAttentionHeads = integer(config, 'num_attention_heads', LARGEST.width)
  if (hiddenSize % numAttentionHeads !== 0) {
    throw new MlError(
      'CONFIG_INVALID',
      `config.json: hidden_size ${hiddenSize} is no multiple of num_attention_heads ${numAttentionHeads}`,
    )
  }
  const vocabSize = integer(config, 'vocab_size', LARGEST.vocabulary)
  const hiddenDropoutProb = fraction(config, 'hidden_dropout_prob', 0.1)
  return {
    modelType: type,
    hiddenSize,
    numAttentionHeads,
    vocabSize,
    hiddenDropoutProb,
    numHiddenLayers: integer(config, 'num_hidden_layers', LARGEST.layers),
    intermediateSize: integer(config, 'intermediate_size', LARGEST.width),
    maxPositionEmbeddings: integer(config, 'max_position_embeddings', LARGEST.positions, 512),
    typeVocabSize: integer(config, 'type_vocab_size', LARGEST.width, 2),
    layerNormEps: fraction(config, 'layer_norm_eps', 1e-12),
    padTokenId: padTokenId(config, type, vocabSize),
    hiddenAct: activation(config),
    attentionProbsDropoutProb: fraction(config, 'attention_probs_dropout_prob', 0.1),
    classifierDropout: fraction(config, 'classifier_dropout', hiddenDropoutProb),
    labels: labels(config),
  }
}

/** Reads and checks FOLDER/config.json. */
export async function readEncoderConfig(folder: string): Promise<EncoderConfig> {
  const path = join(folder, 'config.json')
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MlError('CONFIG_INVALID', `${path}: expected a readable config.json`, { cause })
  })
  try {
    return parseEncoderConfig(JSON.parse(text))
  } catch (cause) {
    if (cause instanceof MlError) throw cause
    throw new MlError('CONFIG_INVALID', `${path}: expected JSON, got ${shown(text)}`, { cause })
  }
}

/** Where a text's first token stands in the position table: RoBERTa's table begins with the padding's rows. */
export function firstPosition(config: EncoderConfig): number {
  return config.modelType === 'roberta' ? config.padTokenId + 1 : 0
}
