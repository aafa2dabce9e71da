// Recorded answers, with the tiny model: what is recorded, what still agrees, what doesn't.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { exportModelFolder } from '../export-model-folder.ts'
import { parseManifest } from '../manifest.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { recordEvaluation } from '../record-evaluation.ts'
import {
  copyFixture,
  copyModelFolder,
  EVALUATION,
  readJson,
  removeTemporaryFolders,
  temporaryFolder,
} from '../test-fixtures.ts'
import { CANARY_TEXTS } from './canary-texts.ts'
import { compareAnswers, findAnswers } from './compare-answers.ts'
import { recordAnswers } from './record-answers.ts'
import { parseProbabilities } from './recorded-answers.ts'

afterEach(removeTemporaryFolders)

describe('recorded answers', () => {
  test('come with every exported folder, of each file that can be served, and the folder opens', async () => {
    const output = join(await temporaryFolder(), 'made')
    await exportModelFolder(await copyFixture('tiny-bert'), output, { weights: true })
    const { manifest } = await openModelFolder(output)
    expect(manifest.answers?.texts).toEqual(CANARY_TEXTS)
    const kinds = manifest.answers?.files.map(({ file, encoding }) => [file, encoding === 'float32'])
    expect(kinds).toEqual([
      ['onnx/model_quantized.onnx', false],
      ['model.safetensors', true],
    ])
    for (const { probabilities } of manifest.answers?.files ?? []) {
      const sums = probabilities.map((line) => parseProbabilities(line).reduce((sum, value) => sum + value, 0))
      for (const sum of sums) expect(sum).toBeCloseTo(1, 4)
    }
  })

  test('are added to a folder without them when an evaluation is recorded, and the model stays the same', async () => {
    const path = await copyModelFolder()
    const before = await openModelFolder(path)
    expect(before.manifest.answers).toBeUndefined()
    await recordEvaluation(path, EVALUATION)
    const after = await openModelFolder(path)
    expect(after.hash).toBe(before.hash)
    expect(after.manifest.answers?.files).toHaveLength(1)
  })

  test('agree with themselves, with weights of the other sign, and with nothing else', async () => {
    const output = join(await temporaryFolder(), 'made')
    const { manifest } = await exportModelFolder(await copyFixture('tiny-bert'), output)
    const quantized = findAnswers(manifest, 'onnx/model_quantized.onnx', 'uint8')
    expect(quantized).toEqual(findAnswers(manifest, 'onnx/model_quantized.onnx', 'int8'))
    if (quantized === null) throw new Error('expected answers of the quantised file')
    const answers = quantized.probabilities.map((line) => [...parseProbabilities(line)])
    expect(compareAnswers(quantized, answers)).toMatchObject({ agrees: true, most: 0, mean: 0 })
    const moved = answers.map(([a, b, c], index) => (index === 7 ? [a! + 0.05, b! - 0.05, c!] : [a!, b!, c!]))
    expect(compareAnswers(quantized, moved)).toMatchObject({ agrees: false, worst: 7 })
    const shifted = answers.map(([a, b, c]) => [a! + 0.01, b! - 0.01, c!])
    expect(compareAnswers(quantized, shifted)).toMatchObject({ agrees: false })
    const broken = answers.map((line, index) => (index === 3 ? [Number.NaN, 0, 1] : line))
    expect(compareAnswers(quantized, broken)).toMatchObject({ agrees: false, worst: 3 })
    expect(compareAnswers(quantized, answers.slice(1)).agrees).toBe(false)
  })

  test('of a file or a kind of weights that has none are not there', async () => {
    const path = await copyModelFolder()
    const { manifest } = await openModelFolder(path)
    const answers = await recordAnswers({ path, manifest })
    expect(findAnswers({ answers }, 'model.safetensors', 'float32')).not.toBeNull()
    expect(findAnswers({ answers }, 'model.safetensors', 'int8')).toBeNull()
    expect(findAnswers({ answers }, 'onnx/model.onnx', 'float32')).toBeNull()
    expect(findAnswers(manifest, 'model.safetensors', 'float32')).toBeNull()
  })

  test('of weights that are damaged are refused where they would be recorded', async () => {
    const source = await copyFixture('tiny-bert')
    const path = join(source, 'model.safetensors')
    const bytes = await readFile(path)
    bytes.fill(0xff, bytes.length - 4096)
    await writeFile(path, bytes)
    const output = join(await temporaryFolder(), 'made')
    await expect(exportModelFolder(source, output, { kinds: ['float'] })).rejects.toMatchObject({
      code: 'EXPORT_REFUSED',
      message: expect.stringContaining('not a number'),
    })
  })

  test.each([
    ['no texts', { texts: [], files: [] }, '1 to 100 texts'],
    ['a text that is too long', { texts: ['x'.repeat(2001)], files: [] }, 'at most 2000 characters'],
    [
      'too few answers',
      { texts: ['a', 'b'], files: [{ file: 'f', encoding: 'int8', probabilities: ['1.0 0.0 0.0'] }] },
      '2 lines',
    ],
    [
      'two probabilities of three',
      { texts: ['a'], files: [{ file: 'f', encoding: 'int8', probabilities: ['0.5 0.5'] }] },
      '3 probabilities',
    ],
    ['words', { texts: ['a'], files: [{ file: 'f', encoding: 'int8', probabilities: ['a b c'] }] }, '3 probabilities'],
  ])('in a manifest with %s are refused', async (_what, answers, message) => {
    const json = await readJson(join(await copyModelFolder(), 'renown.json'))
    expect(() => parseManifest({ ...json, answers })).toThrow(message)
  })
})
