// One model under training: dropout, freezing, soft targets, new heads, and going on from what was saved.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classifierParameters, parseEncoderConfig } from '../encoders/index.ts'
import { openSafetensors, writeSafetensors } from '../weights/index.ts'
import { createTrainableModel, trainedParameters } from './index.ts'
import type { MicroBatch, TrainableModel, TrainableModelOptions } from './trainable-model.ts'
import { buildTrainingGraph } from './training-graph.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))
const MODELS = ['tiny-bert', 'tiny-roberta']
const OPTIONS: TrainableModelOptions = {
  optimizer: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01, layerwiseDecay: 1 },
  freeze: { embeddings: false, layers: 0, encoder: false },
  threads: 2,
  labels: ['negative', 'neutral', 'positive'],
  seed: 1,
}
/** Ids of the shared part of both vocabularies; several texts share a row. */
const SEQUENCES = [
  [2, 20, 30, 40, 3],
  [2, 25, 3],
  [2, 50, 60, 70, 80, 90, 100, 3],
  [2, 20, 20, 33, 3],
].map((ids) => Int32Array.from(ids))
const TARGETS = Float32Array.of(0.25, 0, 0, 0, 0.25, 0, 0, 0, 0.25, 0, 0.25, 0)
const BATCH: MicroBatch = { sequences: SEQUENCES, targets: TARGETS, dropout: { seed: 7, step: 3, micro: 0 } }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renown-trainable-'))
})
afterAll(() => rm(folder, { recursive: true }))

function open(model: string, options: Partial<TrainableModelOptions> = {}): Promise<TrainableModel> {
  return createTrainableModel(join(FIXTURES, model), { ...OPTIONS, ...options })
}

function allWeights(model: TrainableModel): Map<string, Float32Array> {
  return new Map(model.parameters.map(({ name }) => [name, model.readWeights(name)]))
}

async function steps(model: TrainableModel, from: number, to: number): Promise<number[]> {
  const losses: number[] = []
  for (let step = from; step < to; step++) {
    const { loss } = await model.accumulate({ ...BATCH, dropout: { seed: 7, step, micro: 0 } })
    model.update({ learningRate: 1e-3, maxGradNorm: 1 })
    losses.push(loss)
  }
  return losses
}

describe.each(MODELS)('%s', (name) => {
  it('gives logits that are shifted by what they are told', async () => {
    const model = await open(name)
    const before = await model.predict(SEQUENCES)
    const offsets = [0.5, -1, 2]
    model.shiftLogits(offsets)
    const after = await model.predict(SEQUENCES)
    for (const [text, logits] of after.entries()) {
      for (const [label, logit] of logits.entries())
        expect(logit).toBeCloseTo(before[text]![label]! + offsets[label]!, 5)
    }
    await model.release()
  })

  it('drops the same values for the same key, others for another one, and none when evaluating', async () => {
    const model = await open(name)
    const lossOf = async (step: number): Promise<number> => {
      const { loss } = await model.accumulate({ ...BATCH, dropout: { seed: 7, step, micro: 0 } })
      model.discardGradients()
      return loss
    }
    expect(await lossOf(3)).toBe(await lossOf(3))
    expect(await lossOf(3)).not.toBe(await lossOf(4))
    expect(await model.predict(SEQUENCES)).toEqual(await model.predict(SEQUENCES))
    await model.release()
  })

  it('ends with the same bits when it is trained again, on two threads', async () => {
    const [first, second] = [await open(name), await open(name)]
    expect(await steps(first, 0, 4)).toEqual(await steps(second, 0, 4))
    expect(allWeights(first)).toEqual(allWeights(second))
    await first.release()
    await second.release()
  })

  it('goes on from what was saved as if it had never stopped', async () => {
    const [whole, before, after] = [await open(name), await open(name), await open(name)]
    await steps(whole, 0, 6)
    await steps(before, 0, 3)
    const paths = {
      weights: join(folder, `${name}.safetensors`),
      optimizer: join(folder, `${name}-optimizer.safetensors`),
    }
    await before.saveWeights(paths.weights)
    await before.saveOptimizer(paths.optimizer)
    await steps(after, 10, 11)
    await after.load(paths)
    await steps(after, 3, 6)
    expect(allWeights(after)).toEqual(allWeights(whole))
    for (const model of [whole, before, after]) await model.release()
  })

  it('trains only what is not frozen', async () => {
    const model = await open(name, { freeze: { embeddings: false, layers: 0, encoder: true } })
    const before = allWeights(model)
    await steps(model, 0, 2)
    const changed = [...allWeights(model)].filter(([parameter, values]) =>
      values.some((value, at) => value !== before.get(parameter)![at]),
    )
    expect(changed.map(([parameter]) => parameter)).toEqual([...model.trained])
    expect([...model.trained].every((parameter) => /classifier|pooler/.test(parameter))).toBe(true)
    await model.release()
  })

  it('makes a new head for other labels, the same for the same seed, and says so', async () => {
    const labels = ['bad', 'good']
    const [model, again, other] = [
      await open(name, { labels }),
      await open(name, { labels }),
      await open(name, { labels, seed: 2 }),
    ]
    const weight = name === 'tiny-bert' ? 'classifier.weight' : 'classifier.out_proj.weight'
    expect(model.newParameters).toEqual([weight, weight.replace('weight', 'bias')])
    expect(model.readWeights(weight)).toEqual(again.readWeights(weight))
    expect(model.readWeights(weight)).not.toEqual(other.readWeights(weight))
    expect(model.configJson).toMatchObject({ id2label: { 0: 'bad', 1: 'good' }, label2id: { bad: 0, good: 1 } })
    expect((await model.predict(SEQUENCES))[0]).toHaveLength(2)
    for (const each of [model, again, other]) await each.release()
  })
})

it('the loss of soft targets is the cross-entropy at their temperature, added to that of the hard ones', async () => {
  const model = await open('tiny-bert')
  const temperature = 2
  const teacher = Float32Array.from({ length: 12 }, (_, index) => ((index % 3) + 1) / 24)
  const logits = await model.predict(SEQUENCES)
  const entropy = (targets: Float32Array, scale: number): number =>
    -logits.reduce((sum, row, text) => {
      const scaled = Array.from(row, (logit) => logit * scale)
      const total = Math.log(scaled.reduce((all, logit) => all + Math.exp(logit), 0))
      return sum + scaled.reduce((part, logit, label) => part + targets[text * 3 + label]! * (logit - total), 0)
    }, 0)
  const soft = { targets: teacher, temperature }
  const { loss } = await model.accumulate({ ...BATCH, dropout: null, soft })
  expect(loss).toBeCloseTo(entropy(TARGETS, 1) + entropy(teacher, 1 / temperature), 5)
  await model.release()
})

it.each(MODELS)(
  'the gradients of %s are the slopes of the loss, with dropout, soft targets and texts that share rows',
  async (name) => {
    const batch: MicroBatch = { ...BATCH, soft: { targets: TARGETS.map((value) => value / 2), temperature: 3 } }
    const rate = 1e-3
    const path = join(folder, `${name}-slope.safetensors`)
    const model = await open(name)
    const start = allWeights(model)
    const { loss } = await model.accumulate(batch)
    const { gradNorm } = model.update({ learningRate: 0, maxGradNorm: 0 })
    expect(gradNorm).toBeGreaterThan(0)
    // Along the gradient the loss rises by its norm: dL = |g| · ds. An update with a huge epsilon moves by the gradient itself.
    const probe = await open(name, { optimizer: { ...OPTIONS.optimizer, betas: [0, 0], epsilon: 1e6, weightDecay: 0 } })
    await probe.accumulate(batch)
    probe.update({ learningRate: 1e6, maxGradNorm: 0 })
    const moved = allWeights(probe)
    const unit = (parameter: string, at: number): number =>
      (start.get(parameter)![at]! - moved.get(parameter)![at]!) / gradNorm
    const lossAt = async (distance: number): Promise<number> => {
      const tensors = model.parameters.map((each) => ({
        ...each,
        data: start.get(each.name)!.map((value, at) => value + distance * unit(each.name, at)),
      }))
      await writeSafetensors(path, tensors)
      await model.load({ weights: path })
      const result = await model.accumulate(batch)
      model.discardGradients()
      return result.loss
    }
    const slope = ((await lossAt(rate)) - (await lossAt(-rate))) / (2 * rate)
    expect(Math.abs(slope / gradNorm - 1)).toBeLessThan(0.01)
    expect(await lossAt(0)).toBe(loss)
    await model.release()
    await probe.release()
  },
)

it('what needs no gradient gets no node', () => {
  const config = parseEncoderConfig({
    model_type: 'roberta',
    hidden_size: 8,
    num_hidden_layers: 4,
    num_attention_heads: 2,
    intermediate_size: 16,
    vocab_size: 50,
    type_vocab_size: 1,
  })
  const nodes = (freeze: TrainableModelOptions['freeze']): number =>
    buildTrainingGraph(config, { trained: trainedParameters(config, freeze), dropout: new Set(), soft: false }).graph
      .nodes.length
  const all = { embeddings: false, layers: 0, encoder: false }
  const [full, half, head] = [
    nodes(all),
    nodes({ ...all, embeddings: true, layers: 2 }),
    nodes({ ...all, encoder: true }),
  ]
  const forward = buildTrainingGraph(config, { trained: new Set(), dropout: new Set(), soft: false }).graph.nodes.length
  expect(head - forward).toBeLessThan(30)
  expect(half - forward).toBeLessThan(0.55 * (full - forward))
  expect(classifierParameters(config).length).toBe(trainedParameters(config, all).size)
})

it('a base without a head gets one; one without its encoder is refused', async () => {
  const base = join(folder, 'bare')
  await cp(join(FIXTURES, 'tiny-bert'), base, { recursive: true })
  const config = JSON.parse(await readFile(join(base, 'config.json'), 'utf8')) as Record<string, unknown>
  await writeFile(join(base, 'config.json'), JSON.stringify({ ...config, architectures: ['BertModel'] }))
  const source = await openSafetensors(join(FIXTURES, 'tiny-bert', 'model.safetensors'))
  const tensorsOf = (keep: RegExp) =>
    source
      .list()
      .filter(({ name }) => keep.test(name))
      .map((entry) => ({ ...entry, data: () => source.read(entry.name) }))
  await writeSafetensors(join(base, 'model.safetensors'), tensorsOf(/^bert\.(embeddings|encoder)/))
  const model = await createTrainableModel(base, OPTIONS)
  expect(model.newParameters).toEqual([
    'bert.pooler.dense.weight',
    'bert.pooler.dense.bias',
    'classifier.weight',
    'classifier.bias',
  ])
  await model.release()
  await writeSafetensors(join(base, 'model.safetensors'), tensorsOf(/^bert\.embeddings/))
  await expect(createTrainableModel(base, OPTIONS)).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' })
  await source.close()
})

describe('what does not fit is refused:', () => {
  it('token ids outside the vocabulary, targets for other texts, too many frozen layers, labels that are none', async () => {
    const model = await open('tiny-bert')
    const strange = { ...BATCH, sequences: [Int32Array.of(2, 99_999, 3)], targets: new Float32Array(3) }
    await expect(model.accumulate(strange)).rejects.toThrow("the base's vocabulary, got 99999")
    await expect(model.accumulate({ ...BATCH, targets: new Float32Array(3) })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    })
    await model.release()
    await expect(open('tiny-bert', { freeze: { ...OPTIONS.freeze, layers: 3 } })).rejects.toMatchObject({
      code: 'TRAINING_INVALID',
    })
    await expect(open('tiny-bert', { labels: ['one'] })).rejects.toMatchObject({ code: 'TRAINING_INVALID' })
  })

  it('weights of another model', async () => {
    const model = await open('tiny-bert')
    await expect(model.load({ weights: join(FIXTURES, 'tiny-roberta', 'model.safetensors') })).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
    })
    await model.release()
  })
})
