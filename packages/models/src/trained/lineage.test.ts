// Tests of what a finished model is made of beside its files: curve, base, commit, mistakes, parity.
import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { hashFile } from '../hash-file.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { copyFixture, copyModelFolder, HASH, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { checkParity } from './check-parity.ts'
import { readCodeCommit } from './code-commit.ts'
import { readCurve } from './curve.ts'
import { describeBase } from './describe-base.ts'
import { findMistakes } from './find-mistakes.ts'

afterEach(removeTemporaryFolders)

describe('readCurve', () => {
  test('weighs the losses between two evaluations by the steps that they are means of', () => {
    const curve = readCurve([
      { loss: 1, epoch: 0.5, step: 10 },
      { loss: 0.4, epoch: 1, step: 15 },
      { eval_loss: 0.9, eval_macro_recall: 0.5, eval_runtime: 3, eval_samples_per_second: 9, epoch: 1, step: 15 },
      { eval_loss: 0.8, epoch: 2, step: 30 },
      { train_loss: 0.7, train_runtime: 60, epoch: 2, step: 30 },
    ])
    expect(curve).toEqual([
      { epoch: 1, step: 15, loss: (10 * 1 + 5 * 0.4) / 15, evalLoss: 0.9, metrics: { macro_recall: 0.5 } },
      { epoch: 2, step: 30, evalLoss: 0.8, metrics: {} },
    ])
  })

  test('takes the first evaluation of a step, and leaves out what is no number', () => {
    const curve = readCurve([
      { eval_loss: Number.NaN, eval_f1: 'none', eval_accuracy: 0.5, step: 5 },
      { eval_loss: 0.5, step: 5 },
      { eval_loss: 0.5 },
    ])
    expect(curve).toEqual([{ epoch: 0, step: 5, metrics: { accuracy: 0.5 } }])
    expect(readCurve([])).toEqual([])
  })
})

describe('describeBase', () => {
  test('takes a model of ours for the parent', async () => {
    const path = await copyModelFolder()
    const { sha256 } = await hashFile(join(path, 'model.safetensors'))
    expect(describeBase(await openModelFolder(path), 'tiny')).toEqual({
      base: { name: 'tiny', sha256 },
      parent: '1.0.0',
      license: 'apache-2.0',
      preparation: { mentions: '@user', urls: 'http', entities: 'decode', escapes: 'decode' },
    })
  })

  test('reads the licence of a transformers folder from its card', async () => {
    const path = await copyFixture('tiny-bert')
    await rm(join(path, 'model.safetensors'))
    const { sha256 } = await hashFile(join(path, 'pytorch_model.bin'))
    expect(describeBase(await openModelFolder(path), 'a/b', 'abcd')).toMatchObject({
      base: { name: 'a/b', revision: 'abcd', sha256 },
      parent: null,
      license: null,
    })
    await writeFile(join(path, 'README.md'), '---\nlicense: mit\n---\n# Tiny\n')
    expect(describeBase(await openModelFolder(path), 'a/b').license).toBe('mit')
    await writeFile(join(path, 'README.md'), '---\nlicense: [\n---\n# Tiny\n')
    expect(describeBase(await openModelFolder(path), 'a/b').license).toBeNull()
  })
})

describe('readCodeCommit', () => {
  test('is the hash of the checkout, and says whether files have changes', async () => {
    const folder = await temporaryFolder()
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', '-C', folder, ...args], {
        encoding: 'utf8',
      })
    git('init', '-q')
    await writeFile(join(folder, 'file'), 'one')
    git('add', 'file')
    git('commit', '-q', '-m', 'one')
    git('tag', 'v1')
    const hash = git('rev-parse', 'HEAD').trim()
    expect(await readCodeCommit(folder)).toBe(hash)
    await writeFile(join(folder, 'file'), 'two')
    expect(await readCodeCommit(folder)).toBe(`${hash}-dirty`)
    const installed = join(folder, 'node_modules', '@renown', 'models')
    await mkdir(installed, { recursive: true })
    expect(await readCodeCommit(installed)).toBeNull()
  })

  test('is nothing outside a checkout', async () => {
    expect(await readCodeCommit(await temporaryFolder())).toBeNull()
  })
})

describe('findMistakes', () => {
  const split = {
    dataSet: 'posts',
    split: 'test',
    sha256: HASH,
    texts: ['a', 'b', 'c', 'd'],
    classes: [0, 0, 1, 1],
    rows: [7, 8, 9, 10],
  }
  const probabilities = [
    [0.4, 0.6],
    [0.9, 0.1],
    [0.98, 0.02],
    [0.7, 0.3],
  ]

  test('tells the surest first, by the row in the data', () => {
    const mistakes = findMistakes(split, probabilities, ['no', 'yes'], 2)
    expect(mistakes).toEqual([
      { row: 9, label: 'yes', predicted: 'no', probability: 0.98, labelProbability: 0.02, text: 'c' },
      { row: 10, label: 'yes', predicted: 'no', probability: 0.7, labelProbability: 0.3, text: 'd' },
    ])
  })

  test('counts from 1 where rows have no numbers', () => {
    const { rows: _rows, ...unnumbered } = split
    expect(findMistakes(unnumbered, probabilities, ['no', 'yes'], 1)[0]?.row).toBe(3)
  })
})

test('logits of another model are refused', () => {
  const logits = (values: number[]) => [[{ logits: Float32Array.from(values), tokens: 5 }]]
  expect(() => checkParity('onnx/model.onnx', logits([1, 2]), logits([1, 2.0001]))).not.toThrow()
  expect(() => checkParity('onnx/model.onnx', logits([1, 2]), logits([1, 2.1]))).toThrow(
    expect.objectContaining({ code: 'EXPORT_FAILED' }),
  )
  expect(() => checkParity('onnx/model.onnx', logits([1, 2]), logits([Number.NaN, 2]))).toThrow()
})
