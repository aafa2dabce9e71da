// Gradients and weights of whole encoders against PyTorch's, which the fixtures hold.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { classifierParameters } from '../encoders/index.ts'
import { createParameterStore, createScratch, type ParameterStore } from '../optimizer/index.ts'
import { openSafetensors } from '../weights/index.ts'
import { readClassifierConfig } from './base-config.ts'
import { createTrainableModel } from './create-trainable-model.ts'
import { loadBase } from './load-base.ts'
import { createStepRunner } from './step-runner.ts'
import type { MicroBatch, TrainableModelOptions } from './trainable-model.ts'

interface Golden {
  readonly labels: readonly number[]
  readonly input_ids: readonly (readonly number[])[]
  readonly attention_mask: readonly (readonly number[])[]
  readonly loss: number
  readonly history: readonly { rows: number[]; loss: number; grad_norm: number; learning_rate: number }[]
  readonly logits_after: readonly (readonly number[])[]
}

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))
const LABELS = ['negative', 'neutral', 'positive']
const OPTIONS: TrainableModelOptions = {
  optimizer: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01, layerwiseDecay: 1 },
  freeze: { embeddings: false, layers: 0, encoder: false },
  threads: 1,
  labels: LABELS,
  seed: 1,
}

async function readGolden(model: string): Promise<Golden> {
  return JSON.parse(await readFile(join(FIXTURES, model, 'golden.json'), 'utf8')) as Golden
}

async function readTensors(model: string, file: string): Promise<Map<string, Float32Array>> {
  const source = await openSafetensors(join(FIXTURES, model, file))
  const tensors = new Map<string, Float32Array>()
  for (const { name } of source.list()) tensors.set(name, await source.read(name))
  await source.close()
  return tensors
}

/** The mean cross-entropy over the named rows. */
function batchOf(golden: Golden, rows: readonly number[], texts = rows.length): MicroBatch {
  const targets = new Float32Array(rows.length * 3)
  for (const [place, row] of rows.entries()) targets[place * 3 + golden.labels[row]!] = 1 / texts
  const sequences = rows.map((row) =>
    Int32Array.from(golden.input_ids[row]!.filter((_, place) => golden.attention_mask[row]![place])),
  )
  return { sequences, targets, dropout: null }
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
const distance = (a: Float32Array, b: Float32Array): number => largest(a.map((value, index) => value - b[index]!))
const isKeyBias = (name: string): boolean => name.endsWith('key.bias')

/** Null where the gradient is PyTorch's; a key's bias has none, in exact arithmetic. */
function gradientError(store: ParameterStore, name: string, expected: Float32Array): string | null {
  const found = store.readGradients(name)
  const [error, limit] = isKeyBias(name)
    ? [largest(found), 1e-7]
    : [distance(found, expected), 1e-4 * largest(expected)]
  return error < limit ? null : `${name}: differs by ${error}, at most ${limit} was expected`
}

async function openStep(model: string) {
  const classifier = await readClassifierConfig(join(FIXTURES, model), LABELS)
  const parameters = classifierParameters(classifier.config)
  const store = createParameterStore(
    parameters.map(({ name, shape, role }) => ({ name, shape, kind: role === 'embedding' ? 'table' : 'dense' })),
  )
  await loadBase(join(FIXTURES, model), classifier, store, 1)
  const runner = await createStepRunner({
    store,
    config: classifier.config,
    scratch: createScratch(),
    trained: new Set(parameters.map(({ name }) => name)),
    threads: 1,
    variant: { dropout: false, soft: false },
  })
  return { store, runner, names: parameters.map(({ name }) => name) }
}

describe.each(['tiny-bert', 'tiny-roberta'])('%s', (model) => {
  it('has the loss and the gradients of PyTorch, whether texts come at once or in parts', async () => {
    const golden = await readGolden(model)
    const expected = await readTensors(model, 'gradients.safetensors')
    const all = golden.labels.map((_, row) => row)
    for (const parts of [[all], [all.slice(0, 3), all.slice(3, 4), all.slice(4)]]) {
      const { store, runner, names } = await openStep(model)
      let loss = 0
      for (const [index, rows] of parts.entries()) {
        loss += (await runner.run(batchOf(golden, rows, all.length), index === 0)).loss
      }
      expect(Math.abs(loss - golden.loss)).toBeLessThan(1e-6)
      expect(names.filter((name) => expected.has(name)).length).toBe(expected.size)
      for (const [name, gradient] of expected) expect(gradientError(store, name, gradient)).toBeNull()
      await runner.release()
    }
  })

  it('has the weights of PyTorch after five updates', async () => {
    const golden = await readGolden(model)
    const expected = await readTensors(model, 'trained.safetensors')
    const trainable = await createTrainableModel(join(FIXTURES, model), OPTIONS)
    for (const { rows, loss, grad_norm, learning_rate } of golden.history) {
      const result = await trainable.accumulate(batchOf(golden, rows))
      const { gradNorm } = trainable.update({ learningRate: learning_rate, maxGradNorm: 1 })
      expect(Math.abs(result.loss - loss)).toBeLessThan(1e-5)
      expect(Math.abs(gradNorm / grad_norm - 1)).toBeLessThan(1e-4)
    }
    for (const [name, weights] of expected) {
      if (!isKeyBias(name)) {
        const error = distance(trainable.readWeights(name), weights)
        expect([name, error < 1e-5 || error]).toEqual([name, true])
      }
    }
    const all = golden.labels.map((_, row) => row)
    const logits = await trainable.predict(batchOf(golden, all).sequences)
    for (const [row, values] of golden.logits_after.entries()) {
      expect(distance(logits[row]!, Float32Array.from(values))).toBeLessThan(1e-4)
    }
    await trainable.release()
  })
})
