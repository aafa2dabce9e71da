// From the first token's hidden state to logits: BERT's pooler and classifier, RoBERTa's two-layer head.
import type { Value } from '../graph/index.ts'
import type { EncoderConfig } from './config.ts'
import type { Layers } from './layers.ts'

/** The two linear layers of each head, with tanh between them (modeling_bert.py BertPooler, modeling_roberta.py RobertaClassificationHead). */
const HEADS = {
  bert: ['bert.pooler.dense', 'classifier'],
  roberta: ['classifier.dense', 'classifier.out_proj'],
} as const

/** Name of the bias that is added to the logits last. */
export function logitBias({ modelType }: EncoderConfig): string {
  return `${HEADS[modelType][1]}.bias`
}

/** [texts, 1, width] → logits [texts, labels]. */
export function classificationHead(layers: Layers, config: EncoderConfig, first: Value): Value {
  const [dense, out] = HEADS[config.modelType]
  // BERT's pooler belongs to the encoder and drops nothing out before it (modeling_bert.py BertForSequenceClassification).
  const start = config.modelType === 'bert' ? first : layers.dropout(first, 'classifier')
  const pooled = layers.graph.add('Tanh', [layers.linear(start, dense)])
  const logits = layers.linear(layers.dropout(pooled, 'classifier'), out)
  return layers.graph.add('Reshape', [logits], { shape: [first.shape[0]!, config.labels.length] })
}
