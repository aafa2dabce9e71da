// Tests of what a training run leaves behind: the folder, its figures, its lineage, and that it is whole or absent.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { evaluate, fitTemperature, RAW_PREPARATION, softmax } from '@renown/ml'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { scorePosts } from '../evaluation/score-posts.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { readProfile } from '../profile/profile-file.ts'
import { copyFixture, HASH, readJson, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { FRONT_MATTER } from '../update-model-card.ts'
import { finishTrainedModel } from './finish-trained-model.ts'
import type { FinishOptions, LabelledSplit } from './finish-types.ts'

afterEach(removeTemporaryFolders)

const WORDS = ['the service was good', 'it broke again', 'a parcel came', 'i waited for an hour', 'thanks', 'why']

function makeSplit(split: string, posts: number, shift: number): LabelledSplit {
  const texts = Array.from(
    { length: posts },
    (_, post) => `${WORDS[post % 6]} ${WORDS[(post * 5 + shift) % 6]} ${post}`,
  )
  return {
    dataSet: 'someone/tiny-posts',
    config: 'mood',
    revision: '1234abcd',
    split,
    sha256: HASH,
    texts,
    classes: texts.map((_, post) => (post * post + shift) % 3),
    rows: texts.map((_, post) => post + 1000),
  }
}

/** Classes that the model is right about two times in three: a temperature can be fitted to them. */
async function withLearnedClasses(source: string, split: LabelledSplit): Promise<LabelledSplit> {
  const { logits } = await scorePosts(await openModelFolder(source), split.texts, { threads: 1, encoding: 'float32' })
  const predicted = logits.map(([window]) => [...(window?.logits ?? [])])
  const classes = predicted.map((row, post) => (row.indexOf(Math.max(...row)) + (post % 3 === 0 ? 1 : 0)) % 3)
  return { ...split, classes }
}

async function finishOptions(name: 'tiny-bert' | 'tiny-roberta' = 'tiny-bert'): Promise<FinishOptions> {
  const source = await copyFixture(name)
  return {
    source,
    output: join(await temporaryFolder(), 'mine'),
    license: 'apache-2.0',
    preparation: RAW_PREPARATION,
    validation: await withLearnedClasses(source, makeSplit('validation', 30, 0)),
    test: makeSplit('test', 40, 1),
    lineage: {
      base: { name: 'someone/tiny-base', revision: 'abcd1234', sha256: HASH },
      parent: null,
      data: [{ name: 'someone/tiny-posts', config: 'mood', revision: '1234abcd', split: 'train', rows: 100 }],
      recipe: { learning_rate: 0.00005, seed: 42, num_train_epochs: 3 },
      trainer: 'Renown',
      seconds: 12.4,
      threads: 1,
    },
    logHistory: [
      { loss: 1.1, learning_rate: 0.00005, epoch: 0.5, step: 10 },
      { eval_loss: 0.95, eval_macro_recall: 0.4, eval_runtime: 1.5, epoch: 1, step: 20 },
    ],
    threads: 1,
    resamples: 50,
  }
}

describe.each(['tiny-bert', 'tiny-roberta'] as const)('a model finished from %s', (name) => {
  test('is a whole model folder with the figures of its files', async () => {
    const options = await finishOptions(name)
    const finished = await finishTrainedModel(options)
    const folder = await openModelFolder(options.output)
    expect(folder.manifest).toEqual(finished.manifest)
    expect(folder.hash).toBe(finished.hash)
    expect(Object.keys(folder.manifest.files)).toEqual(
      expect.arrayContaining(['model.safetensors', 'onnx/model.onnx', 'onnx/model_quantized.onnx', 'tokenizer.json']),
    )
    expect(folder.manifest.evaluations.map(({ file, split, rows }) => [file, split, rows])).toEqual([
      ['onnx/model_quantized.onnx', 'test', 40],
      ['model.safetensors', 'test', 40],
      ['onnx/model_quantized.onnx', 'validation', 30],
      ['model.safetensors', 'validation', 30],
    ])
    expect((await readProfile(folder))?.source).toMatchObject({ split: 'test' })
    for (const { evaluation, calibration, file, split } of finished.evaluations) {
      const { texts, classes } = (split === 'test' ? options.test : options.validation) as LabelledSplit
      const { logits } = await scorePosts(folder, texts, { threads: 1, encoding: 'auto', file })
      const score = (temperature: number) => {
        const probabilities = logits.map(([window]) => softmax(window?.logits ?? [], temperature))
        return evaluate(classes, probabilities, folder.manifest.labels, { resamples: 50 })
      }
      expect(evaluation).toEqual(score(folder.manifest.temperature))
      expect(calibration.before.ece).toBe(score(1).ece)
      expect(calibration.after.nll).toBe(evaluation.nll)
    }
  })
})

describe('finishTrainedModel', () => {
  test('fits the temperature to the 32-bit logits of the validation split, whatever the test split is', async () => {
    const options = await finishOptions()
    const { manifest, temperature, evaluations } = await finishTrainedModel(options)
    const { validation } = options
    const scored = await scorePosts(await openModelFolder(options.source), validation.texts, {
      threads: 1,
      encoding: 'float32',
    })
    const fit = fitTemperature(
      scored.logits.map(([window]) => window?.logits ?? []),
      validation.classes,
    )
    expect(manifest.temperature).toBeCloseTo(fit.temperature, 3)
    expect(manifest.temperature).not.toBe(1)
    expect(temperature).toMatchObject({ split: 'validation', rows: 30, nllBefore: fit.nllAtOne, nllAfter: fit.nll })
    const float = evaluations.find(({ file, split }) => file === 'model.safetensors' && split === 'validation')
    expect(float?.calibration.after.nll).toBeLessThan(float?.calibration.before.nll ?? 0)
    const { test: _test, ...withoutTest } = options
    const other = await finishTrainedModel({ ...withoutTest, output: `${options.output}-2` })
    expect(other.temperature).toEqual(temperature)
    expect(other.evaluations.map(({ split }) => split)).toEqual(['validation', 'validation'])
  })

  test('keeps the temperature at 1 where none can be fitted, and says so in the card', async () => {
    const options = await finishOptions()
    const { classes } = options.validation
    const wrong = {
      ...options.validation,
      classes: classes.map((value, post) => (value + (post % 3 === 0 ? 0 : 1)) % 3),
    }
    const { manifest } = await finishTrainedModel({ ...options, validation: wrong })
    expect(manifest).toMatchObject({ temperature: 1, temperatureFit: { value: 1 } })
    expect(await readFile(join(options.output, 'README.md'), 'utf8')).toContain('none was found')
  })

  test('writes down where the model comes from', async () => {
    const options = await finishOptions()
    const { lineage } = options
    const { manifest } = await finishTrainedModel({
      ...options,
      created: new Date('2026-01-02T03:04:05Z'),
      lineage: { ...lineage, parent: '1.0.0', notes: 'A new head was made.' },
    })
    expect(manifest).toMatchObject({
      name: 'mine',
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      parent: '1.0.0',
      base: lineage.base,
      license: 'apache-2.0',
      created: '2026-01-02T03:04:05.000Z',
      labels: ['negative', 'neutral', 'positive'],
    })
    expect(manifest.training).toMatchObject({
      data: lineage.data,
      recipe: lineage.recipe,
      trainer: 'Renown',
      seconds: 12,
      machine: { threads: 1, node: process.versions.node, onnxruntime: expect.stringMatching(/^\d+\.\d+/) },
      curve: [{ epoch: 1, step: 20, loss: 1.1, evalLoss: 0.95, metrics: { macro_recall: 0.4 } }],
      notes: 'A new head was made.',
    })
    expect(manifest.evaluations[0]).toMatchObject({
      dataSet: 'someone/tiny-posts (mood)',
      revision: '1234abcd',
      encoding: expect.stringMatching(/int8$/),
      fileSha256: manifest.files['onnx/model_quantized.onnx']?.sha256,
      metrics: { ece: { value: expect.any(Number) }, eceBefore: { value: expect.any(Number) } },
    })
  })

  test('writes a card whose results the Hub takes: each has task, data set and metrics', async () => {
    const options = await finishOptions()
    await finishTrainedModel(options)
    const card = await readFile(join(options.output, 'README.md'), 'utf8')
    const front = parse(FRONT_MATTER.exec(card)?.[1] ?? '')
    expect(front).toMatchObject({
      license: 'apache-2.0',
      base_model: 'someone/tiny-base',
      datasets: ['someone/tiny-posts'],
      pipeline_tag: 'text-classification',
      library_name: 'transformers',
    })
    const [{ name, results }] = front['model-index']
    expect(name).toBe('mine')
    expect(results).toHaveLength(4)
    for (const { task, dataset, metrics } of results) {
      expect(task.type).toBe('text-classification')
      expect(dataset).toMatchObject({ type: 'someone/tiny-posts', config: 'mood', revision: '1234abcd' })
      expect(metrics[0]).toMatchObject({ type: 'recall', value: expect.any(Number), args: { average: 'macro' } })
    }
    expect(card).toContain('| 1 | 20 | 1.1000 | 0.9500 | 0.4000 |')
    expect(card).toContain('learning_rate: 0.00005')
    expect(card).toContain("pipeline('text-classification', model='./FOLDER'")
  })

  test('says in config.json what the weights are, whatever the base said', async () => {
    const options = await finishOptions()
    const path = join(options.source, 'config.json')
    const config = await readJson(path)
    await writeFile(path, JSON.stringify({ ...config, architectures: ['BertModel'], torch_dtype: 'float16' }))
    await finishTrainedModel(options)
    const written = await readJson(join(options.output, 'config.json'))
    expect(written).toMatchObject({ architectures: ['BertForSequenceClassification'], dtype: 'float32' })
    expect(written).not.toHaveProperty('torch_dtype')
  })

  test('refuses an output with something in it, unless it is a model and may be replaced', async () => {
    const options = await finishOptions()
    await mkdir(options.output)
    await writeFile(join(options.output, 'precious'), 'mine')
    for (const replace of [false, true]) {
      await expect(finishTrainedModel({ ...options, replace })).rejects.toMatchObject({ code: 'EXPORT_REFUSED' })
    }
    expect(await readdir(options.output)).toEqual(['precious'])
    await rm(options.output, { recursive: true })
    const first = await finishTrainedModel({ ...options, name: 'first' })
    await expect(finishTrainedModel(options)).rejects.toMatchObject({ code: 'EXPORT_REFUSED' })
    expect((await openModelFolder(options.output)).manifest).toEqual(first.manifest)
    await finishTrainedModel({ ...options, name: 'second', replace: true })
    expect((await openModelFolder(options.output)).manifest.name).toBe('second')
    expect(await readdir(dirname(options.output))).toEqual(['mine'])
  })

  test('never replaces the folder that the weights are in', async () => {
    const options = await finishOptions()
    await finishTrainedModel(options)
    const { output } = options
    await expect(finishTrainedModel({ ...options, source: output, replace: true })).rejects.toMatchObject({
      code: 'EXPORT_REFUSED',
      message: expect.stringContaining('holds the weights'),
    })
    expect((await openModelFolder(output)).manifest.name).toBe('mine')
  })

  test('leaves nothing behind when it is stopped, and what stood there as it was', async () => {
    const options = await finishOptions()
    const { manifest } = await finishTrainedModel(options)
    const controller = new AbortController()
    const stopped = finishTrainedModel({
      ...options,
      name: 'other',
      replace: true,
      signal: controller.signal,
      onProgress: (step) => {
        if (step.startsWith('Measuring onnx/model_quantized.onnx')) controller.abort()
      },
    })
    await expect(stopped).rejects.toThrow('aborted')
    expect(await readdir(dirname(options.output))).toEqual(['mine'])
    expect((await openModelFolder(options.output)).manifest).toEqual(manifest)
  })

  test('gives back the model that was being replaced when the process was killed', async () => {
    const options = await finishOptions()
    const { manifest } = await finishTrainedModel(options)
    const gone = 2 ** 22 + 12345
    await rename(options.output, join(dirname(options.output), `.mine.renown-replaced-${gone}`))
    await expect(finishTrainedModel(options)).rejects.toMatchObject({ code: 'EXPORT_REFUSED' })
    expect((await openModelFolder(options.output)).manifest).toEqual(manifest)
  })

  test.each<[string, Partial<LabelledSplit>, string]>([
    ['no posts', { texts: [], classes: [], rows: [] }, 'expected at least one labelled post, got none'],
    ['fewer classes than posts', { classes: [0] }, 'expected 30 classes, got 1'],
    ['fewer row numbers than posts', { rows: [1] }, 'expected 30 rows, got 1'],
    ['a class that the model does not have', { classes: Array(30).fill(3) }, 'a class from 0 to 2, got 3 (post 0)'],
    ['a hash that is none', { sha256: 'abc' }, 'expected a SHA-256 in hex digits, got "abc"'],
  ])('refuses a split with %s', async (_name, wrong, message) => {
    const options = await finishOptions()
    const validation = { ...options.validation, ...wrong }
    await expect(finishTrainedModel({ ...options, validation })).rejects.toMatchObject({
      code: 'EVALUATION_REFUSED',
      message: expect.stringContaining(message),
    })
    expect(await readdir(dirname(options.output))).toEqual([])
  })
})
