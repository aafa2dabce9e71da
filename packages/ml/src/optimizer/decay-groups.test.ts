// Weight decay reaches what transformers' Trainer lets it reach.
import { expect, it } from 'vitest'
import { decayGroups } from './decay-groups.ts'

it('leaves biases and norms alone, and decays embeddings', () => {
  const decayed = [
    'roberta.embeddings.word_embeddings.weight',
    'bert.encoder.layer.0.attention.self.query.weight',
    'classifier.out_proj.weight',
    'normalizer.weight',
  ]
  const plain = [
    'roberta.embeddings.LayerNorm.weight',
    'bert.encoder.layer.0.attention.output.LayerNorm.bias',
    'bert.encoder.layer.0.output.dense.bias',
    'encoder.norm.weight',
    'final_norm.weight',
  ]
  expect(decayGroups([...plain, ...decayed])).toEqual({ decayed, plain })
})
