// Scoring: sessions over our own packed graph, or over foreign ONNX files.
export { FLOAT_FILE, QUANTIZED_FILE, type WeightEncoding } from './choose-model.ts'
export { combineWindows, softmax } from './probabilities.ts'
export { dotProductsSaturate } from './probe.ts'
export { createScorer, RUNTIME_VERSION, type Scorer, type ScorerOptions } from './scorer.ts'
