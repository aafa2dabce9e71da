// What can't be trained on, and runs whose numbers go astray.
import { readdir } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createBagModel, prepareRun, removeTemporaryFolders, type TestChanges } from './testing/test-runs.ts'
import { train } from './train.ts'

afterEach(removeTemporaryFolders)

const ids = Int32Array.of(1, 2)

describe('data', () => {
  const CASES: readonly (readonly [string, TestChanges, string])[] = [
    ['no text', { examples: [] }, 'there is no text to train on'],
    ['one label', { labels: ['a'] }, 'expected at least two labels, got 1'],
    [
      'an unknown label',
      { examples: [{ ids, label: 3, row: 7 }] },
      'row 7 of the training set: expected a label from 0 to 2, got 3',
    ],
    ['a label that is no index', { examples: [{ ids, label: 0.5, row: 7 }] }, 'expected a label from 0 to 2, got 0.5'],
    [
      'a text without tokens',
      { examples: [{ ids: new Int32Array(), label: 0, row: 9 }] },
      'row 9 of the training set has no tokens',
    ],
    [
      'neither label nor teacher',
      { examples: [{ ids, label: -1, row: 4 }] },
      'row 4 of the training set has neither a label nor a teacher',
    ],
    [
      'a teacher of other labels',
      { examples: [{ ids, label: 0, row: 4, soft: [0.5, 0.5] }] },
      'expected 3 probabilities of the teacher',
    ],
    [
      'a teacher without sum',
      { examples: [{ ids, label: 0, row: 4, soft: [0.5, 0.5, 0.5] }] },
      'expected 3 probabilities of the teacher',
    ],
    [
      'a teacher of NaN',
      { examples: [{ ids, label: 0, row: 4, soft: [Number.NaN, 0.5, 0.5] }] },
      'expected 3 probabilities',
    ],
    ['an empty evaluation set', { evaluation: [] }, 'the evaluation set is empty'],
    [
      'an evaluation set without labels',
      { evaluation: [{ ids, label: -1, row: 2, soft: [1, 0, 0] }] },
      'row 2 of the evaluation set has no label',
    ],
    ['a file that would hide one of its own', { files: { 'run.json': '' } }, ''],
    ['a file outside the folder', { files: { '../x': '' } }, ''],
  ]
  it.each(CASES)('with %s is refused', async (_, changes, message) => {
    const { options } = await prepareRun({}, changes)
    await expect(train(options)).rejects.toMatchObject({
      code: 'TRAINING_INVALID',
      message: expect.stringContaining(message),
    })
    expect(await readdir(options.output)).toEqual([])
  })

  it('without an evaluation set is refused where one is asked for, before anything else', async () => {
    const { options } = await prepareRun({ eval_strategy: 'epoch' }, { examples: [] })
    const { evaluation: _, ...without } = options
    await expect(train(without)).rejects.toMatchObject({ code: 'ARGUMENTS_INVALID' })
  })

  it('of fewer texts than a batch is one batch, unless short ones are left out', async () => {
    const { options } = await prepareRun({ per_device_train_batch_size: 64, num_train_epochs: 2 })
    expect(await train(options)).toMatchObject({ steps: 2 })
    const dropping = await prepareRun({ per_device_train_batch_size: 64, dataloader_drop_last: true })
    await expect(train(dropping.options)).rejects.toThrow(/leaves no batch: expected at least 64 texts, got 40/)
  })

  it('with logits adjusted to a label that no text has is refused', async () => {
    const { options } = await prepareRun({ logit_adjustment: 0.5 })
    const labels = [...options.labels, 'absent']
    await expect(train({ ...options, labels })).rejects.toThrow(/logit_adjustment: no text has the label absent/)
  })

  it('with class weights for other labels is refused', async () => {
    const { options } = await prepareRun({ class_weights: { happy: 1 } })
    await expect(train(options)).rejects.toMatchObject({ code: 'ARGUMENTS_INVALID' })
  })
})

describe('a run whose numbers go astray', () => {
  const saving = {
    save_strategy: 'steps',
    save_steps: 1,
    num_train_epochs: 1,
    micro_batch_tokens: 40,
    learning_rate: 1e-3,
  }

  it('stops with step, rows and cause; the last checkpoint is from before', async () => {
    const model = createBagModel()
    const run = await prepareRun(saving, {
      model,
      onEvent: (event) => {
        if (event.type === 'checkpoint saved' && event.step === 2) {
          model.writeWeights('classifier.bias', [0, Number.POSITIVE_INFINITY, 0])
        }
      },
    })
    const failure = await train(run.options).catch((error: unknown) => error)
    const texts = model.batches.at(-1)!.sequences
    const rows = texts.map((ids) => run.options.examples.find((example) => example.ids === ids)!.row)
    expect(failure).toMatchObject({
      code: 'TRAINING_DIVERGED',
      message:
        `The loss of update 3 is NaN (rows ${rows.join(', ')}). An earlier update made classifier.bias infinite: a lower ` +
        'learning rate or a longer warm-up may help. Nothing of this update was saved.',
    })
    expect(await readdir(run.options.output)).toEqual(['checkpoint-1', 'checkpoint-2'])
    const again = await prepareRun({ ...saving, resume_from_checkpoint: true }, { output: run.options.output })
    await expect(train(again.options)).resolves.toMatchObject({ status: 'finished' })
  })

  it.each([
    [
      'a base with an infinite weight',
      Number.POSITIVE_INFINITY,
      {},
      /loss of update 1 is NaN \(rows \d+(, \d+)*\)\. The base's weights are damaged: classifier\.bias/,
    ],
    ['a base with NaN', Number.NaN, {}, /The base's weights are damaged: classifier\.bias/],
  ])('because of %s says so', async (_, value, given, message) => {
    const model = createBagModel()
    model.writeWeights('classifier.bias', [0, value, 0])
    const { options } = await prepareRun(given, { model })
    await expect(train(options)).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(message),
    })
    expect(model.calls).not.toContain('update')
  })

  it('because of gradients without a finite norm names all rows of the update', async () => {
    const model = createBagModel()
    Object.assign(model, { update: () => ({ gradNorm: Number.NaN }) })
    const { options } = await prepareRun({ learning_rate: 1_000, per_device_train_batch_size: 40 }, { model })
    await expect(train(options)).rejects.toMatchObject({
      message: expect.stringMatching(
        /gradient norm of update 1 is NaN \(rows (\d+, ){31}\d+ and 8 more\)\. The learning rate 1000 is probably too high/,
      ),
    })
  })

  it('only in the evaluation stops too', async () => {
    const model = createBagModel()
    Object.assign(model, {
      predict: async (texts: readonly unknown[]) => texts.map(() => Float32Array.of(0, Number.NaN, 0)),
    })
    const { options } = await prepareRun({ eval_strategy: 'epoch' }, { model })
    await expect(train(options)).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' })
  })

  it('at a learning rate of 0 changes nothing and ends well', async () => {
    const model = createBagModel()
    const before = model.readWeights('classifier.weight')
    const { options } = await prepareRun({ learning_rate: 0 }, { model })
    await expect(train(options)).resolves.toMatchObject({ status: 'finished' })
    expect(model.readWeights('classifier.weight')).toEqual(before)
  })
})
