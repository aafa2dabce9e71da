import { join } from 'node:path'
import { evaluate, RAW_PREPARATION, softmax } from '@renown/ml'
import { afterEach, describe, expect, test } from 'vitest'
import { scorePosts } from '../evaluation/score-posts.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { copyFixture, HASH, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { finishTrainedModel } from './finish-trained-model.ts'
import type { FinishOptions, LabelledSplit } from './finish-types.ts'

afterEach(removeTemporaryFolders)

const WORDS = ['the service was good', 'it broke again', 'a parcel came', 'i waited for an hour', 'thanks', 'why']

function makeSplit(split: string, posts: number, seed: number): LabelledSplit {
  const texts = Array.from({ length: posts }, (_, post) => `${WORDS[(post * seed) % WORDS.length]} ${WORDS[post % 5]}`)
  return {
    dataSet: 'tiny_posts',
    config: 'mood',
    revision: '1234abcd',
    split,
    sha256: HASH,
    texts,
    classes: texts.map((text, post) => (text.length + post * seed) % 3),
    rows: texts.map((_, post) => post + 1000),
  }
}

async function options(extra: Partial<FinishOptions> = {}): Promise<FinishOptions> {
  return {
    source: await copyFixture('tiny-bert'),
    output: join(await temporaryFolder(), 'mine'),
    license: 'apache-2.0',
    preparation: RAW_PREPARATION,
    validation: makeSplit('validation', 30, 7),
    test: makeSplit('test', 40, 11),
    lineage: {
      base: { name: 'someone/tiny-base', revision: 'abcd1234', sha256: HASH },
      parent: null,
      data: [{ name: 'tiny_posts', config: 'mood', revision: '1234abcd', split: 'train', rows: 100, sha256: HASH }],
      recipe: { learning_rate: 0.00005, seed: 42, num_train_epochs: 3 },
      trainer: 'Renown',
      seconds: 12.4,
      threads: 1,
    },
    logHistory: [
      { loss: 1.1, learning_rate: 0.00005, epoch: 0.5, step: 10 },
      { loss: 0.9, learning_rate: 0.00003, epoch: 1, step: 20 },
      { eval_loss: 0.95, eval_macro_recall: 0.4, eval_runtime: 1.5, epoch: 1, step: 20 },
      { train_loss: 1, train_runtime: 12, epoch: 1, step: 20 },
    ],
    threads: 1,
    resamples: 50,
    ...extra,
  }
}

describe.each(['tiny-bert', 'tiny-roberta'] as const)('a model finished from %s', (name) => {
  test('is a whole model folder with the figures of its files', async () => {
    const given = await options({ source: await copyFixture(name) })
    const finished = await finishTrainedModel(given)
    const folder = await openModelFolder(given.output)
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
    for (const { evaluation, file, split } of finished.evaluations) {
      const { texts, classes } = (split === 'test' ? given.test : given.validation) as LabelledSplit
      const scored = await scorePosts(folder, texts, { threads: 1, encoding: 'auto', file })
      const probabilities = scored.logits.map(([window]) => softmax(window?.logits ?? [], folder.manifest.temperature))
      expect(evaluation).toEqual(evaluate(classes, probabilities, folder.manifest.labels, { resamples: 50 }))
    }
  })
})
