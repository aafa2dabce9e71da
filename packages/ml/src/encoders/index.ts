// BERT and RoBERTa classifiers over the graph.

export { composedAttention } from './attention.ts'
export type { Layout } from './classifier.ts'
export { buildClassifier } from './classifier.ts'
export type { Activation, EncoderConfig, ModelType } from './config.ts'
export { firstPosition, parseEncoderConfig, readEncoderConfig } from './config.ts'
export { logitBias } from './heads.ts'
export type { AttentionSite, DropoutKind, Layers } from './layers.ts'
export { type PackedRows, packRows, planRows, type RowPlan } from './pack-rows.ts'
export type { Parameter, ParameterRole } from './parameters.ts'
export { classifierParameters } from './parameters.ts'
