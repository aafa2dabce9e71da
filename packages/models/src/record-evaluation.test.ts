// Tests of recording evaluations in a model folder.
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openModelFolder } from './open-model-folder.ts'
import { recordEvaluation } from './record-evaluation.ts'
import {
  copyFixture,
  copyModelFolder,
  EVALUATION,
  readJson,
  removeTemporaryFolders,
  writeManifest,
} from './test-fixtures.ts'

afterEach(removeTemporaryFolders)

describe('recordEvaluation', () => {
  test('adds to the manifest and to the card, and the folder still opens as the same model', async () => {
    const path = await copyModelFolder()
    const before = await openModelFolder(path)
    await recordEvaluation(path, EVALUATION)
    const after = await openModelFolder(path)
    expect(after.hash).toBe(before.hash)
    const sha256 = before.manifest.files['model.safetensors']?.sha256
    expect(after.manifest.evaluations).toEqual([{ ...EVALUATION, fileSha256: sha256 }])
    expect(await readFile(join(path, 'README.md'), 'utf8')).toContain('| Macro recall | 0.7018 | 0.6935 – 0.7105 |')
    expect((await readdir(path)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('replaces an older one of the same file and data, and keeps the others', async () => {
    const path = await copyModelFolder()
    await recordEvaluation(path, EVALUATION)
    await recordEvaluation(path, { ...EVALUATION, split: 'validation' })
    const manifest = await recordEvaluation(path, { ...EVALUATION, metrics: { accuracy: { value: 0.5 } } })
    expect(manifest.evaluations.map((entry) => [entry.split, entry.metrics.accuracy?.value])).toEqual([
      ['test', 0.5],
      ['validation', 0.69],
    ])
  })

  test('keeps fields of renown.json that it does not know', async () => {
    const path = await copyModelFolder()
    await writeManifest(path, { ...(await readJson(join(path, 'renown.json'))), gate: { passed: true } })
    await recordEvaluation(path, EVALUATION)
    expect(await readJson(join(path, 'renown.json'))).toMatchObject({ gate: { passed: true } })
  })

  test('refuses a folder without renown.json, a file that is not listed, and a file that changed', async () => {
    await expect(recordEvaluation(await copyFixture('tiny-bert'), EVALUATION)).rejects.toMatchObject({
      code: 'EVALUATION_REFUSED',
      message: expect.stringContaining('renown export'),
    })
    const path = await copyModelFolder()
    await expect(recordEvaluation(path, { ...EVALUATION, file: 'onnx/other.onnx' })).rejects.toThrow("doesn't list")
    await appendFile(join(path, 'model.safetensors'), 'x')
    await expect(recordEvaluation(path, EVALUATION)).rejects.toMatchObject({ code: 'EVALUATION_REFUSED' })
  })
})
