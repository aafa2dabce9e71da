// Matching a model's weights with a checkpoint's.
import { expect, test } from 'vitest'
import { requireWeights } from './require-weights.ts'
import type { TensorEntry, WeightSource } from './weight-source.ts'

function sourceOf(shapes: Readonly<Record<string, readonly number[]>>): WeightSource {
  const entries: TensorEntry[] = Object.entries(shapes).map(([name, shape]) => ({ name, dtype: 'F32', shape }))
  return {
    format: 'safetensors',
    list: () => entries,
    read: async (name) => Float32Array.of(entries.findIndex((entry) => entry.name === name)),
    close: async () => undefined,
  }
}

test('what the model does not use is ignored', () => {
  const source = sourceOf({ 'bert.embeddings.position_ids': [1, 512], 'bert.pooler.dense.weight': [4, 4], w: [2] })
  expect(requireWeights(source, [{ name: 'w', shape: [2] }]).sourceName('w')).toBe('w')
})

test('one error lists everything that is missing or misshaped', () => {
  const source = sourceOf({ a: [2, 3], b: [4], c: [1] })
  const required = [
    { name: 'a', shape: [3, 2] },
    { name: 'b', shape: [4, 1] },
    { name: 'c', shape: [1] },
    { name: 'd', shape: [5] },
    { name: 'e', shape: [6, 7] },
  ]
  expect(() => requireWeights(source, required)).toThrow(
    expect.objectContaining({
      code: 'WEIGHTS_MISSING',
      message:
        'The weights do not fit the model; missing: d [5], e [6, 7]; ' +
        'misshaped: a: expected [3, 2], got [2, 3]; b: expected [4, 1], got [4]',
    }),
  )
  expect(() => requireWeights(source, required.slice(0, 3))).toThrow(
    expect.objectContaining({ code: 'WEIGHTS_INVALID' }),
  )
})

test.each([
  ['bert.embeddings.LayerNorm.weight', 'bert.embeddings.LayerNorm.gamma'],
  ['bert.embeddings.LayerNorm.bias', 'bert.embeddings.LayerNorm.beta'],
  ['roberta.encoder.layer.0.attention.self.query.weight', 'encoder.layer.0.attention.self.query.weight'],
  ['bert.embeddings.LayerNorm.bias', 'embeddings.LayerNorm.beta'],
  ['classifier.weight', 'module.classifier.weight'],
])('%s is found as %s', async (name, old) => {
  const weights = requireWeights(sourceOf({ other: [1], [old]: [3] }), [{ name, shape: [3] }])
  expect(weights.sourceName(name)).toBe(old)
  expect(await weights.read(name)).toEqual(Float32Array.of(1))
})

test('a weight that was not asked for cannot be read', async () => {
  const weights = requireWeights(sourceOf({ a: [1] }), [])
  await expect(weights.read('a')).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' })
})
