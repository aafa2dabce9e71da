// Tests of opening model folders: hashes, links, plain transformers folders.
import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CARDIFF_PREPARATION, RAW_PREPARATION } from '@renown/ml'
import { afterEach, describe, expect, test } from 'vitest'
import { openModelFolder } from './open-model-folder.ts'
import {
  copyFixture,
  copyModelFolder,
  MANIFEST,
  readJson,
  removeTemporaryFolders,
  temporaryFolder,
  writeManifest,
} from './test-fixtures.ts'

afterEach(removeTemporaryFolders)

describe('a folder with a manifest', () => {
  test('opens when every hash matches', async () => {
    const path = await copyModelFolder()
    const folder = await openModelFolder(path)
    expect(folder).toMatchObject({ path, derived: false, manifest: { name: 'tiny', version: '1.0.0' } })
    expect(folder.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(folder.card).toContain('# tiny')
  })

  test('has the same hash elsewhere, and another one with other weights', async () => {
    const [one, two] = [await copyModelFolder(), await copyModelFolder()]
    expect((await openModelFolder(one)).hash).toBe((await openModelFolder(two)).hash)
    const json = await readJson(join(two, 'renown.json'))
    const weights = 'other weights'
    await writeFile(join(two, 'model.safetensors'), weights)
    const record = { sha256: createHash('sha256').update(weights).digest('hex'), bytes: weights.length }
    await writeManifest(two, { ...json, files: { ...(json.files as object), 'model.safetensors': record } })
    expect((await openModelFolder(one)).hash).not.toBe((await openModelFolder(two)).hash)
  })

  test('is refused when one byte of a file changed, and the file is named', async () => {
    const path = await copyModelFolder()
    const bytes = await readFile(join(path, 'model.safetensors'))
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await writeFile(join(path, 'model.safetensors'), bytes)
    await expect(openModelFolder(path)).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
      message: expect.stringMatching(/^model\.safetensors .* expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}$/),
    })
    await expect(openModelFolder(path, { verify: false })).resolves.toMatchObject({ path })
  })

  test('is refused when a file has another length, even without hashing', async () => {
    const path = await copyModelFolder()
    await appendFile(join(path, 'config.json'), '\n')
    await expect(openModelFolder(path, { verify: false })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
      message: expect.stringMatching(/^config\.json .* expected \d+ bytes, got \d+ bytes$/),
    })
  })

  test('is refused when a listed file is missing', async () => {
    const path = await copyModelFolder()
    await rm(join(path, 'vocab.txt'))
    await expect(openModelFolder(path)).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: expect.stringContaining('vocab.txt'),
    })
  })

  test('is refused when a listed file is a folder', async () => {
    const path = await copyModelFolder()
    await rm(join(path, 'vocab.txt'))
    await mkdir(join(path, 'vocab.txt'))
    await expect(openModelFolder(path)).rejects.toMatchObject({ code: 'MODEL_FILE_MISSING' })
  })

  test('is refused when a link leaves it', async () => {
    const path = await copyModelFolder()
    const outside = join(dirname(path), 'outside.txt')
    await rename(join(path, 'vocab.txt'), outside)
    await symlink(outside, join(path, 'vocab.txt'))
    await expect(openModelFolder(path)).rejects.toMatchObject({ code: 'MODEL_FILE_OUTSIDE' })
  })

  test('may link inside itself, and into the blobs of a Hugging Face cache', async () => {
    const inside = await copyModelFolder()
    await rename(join(inside, 'vocab.txt'), join(inside, 'words'))
    await symlink('words', join(inside, 'vocab.txt'))
    await expect(openModelFolder(inside)).resolves.toBeDefined()
    const cache = await temporaryFolder()
    await mkdir(join(cache, 'snapshots'))
    await mkdir(join(cache, 'blobs'))
    const snapshot = join(cache, 'snapshots', 'abc')
    await rename(await copyModelFolder(), snapshot)
    await rename(join(snapshot, 'vocab.txt'), join(cache, 'blobs', 'def'))
    await symlink('../../blobs/def', join(snapshot, 'vocab.txt'))
    await expect(openModelFolder(snapshot)).resolves.toBeDefined()
  })

  test('is refused when it holds a tokenizer file that nobody vouches for', async () => {
    const path = await copyModelFolder()
    await writeFile(join(path, 'added_tokens.json'), '{}')
    await expect(openModelFolder(path)).rejects.toMatchObject({
      code: 'MODEL_FILE_UNLISTED',
      message: expect.stringContaining('added_tokens.json'),
    })
  })

  test('opens with other files in it, which are not the model', async () => {
    const path = await copyModelFolder()
    await mkdir(join(path, 'onnx'))
    await writeFile(join(path, 'onnx', 'model.onnx'), 'not listed')
    const folder = await openModelFolder(path)
    expect(Object.keys(folder.manifest.files)).not.toContain('onnx/model.onnx')
  })

  test('is refused when renown.json is not JSON or says nonsense', async () => {
    const path = await copyModelFolder()
    await writeFile(join(path, 'renown.json'), '{"format": 1')
    await expect(openModelFolder(path)).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
    await writeManifest(path, { ...MANIFEST, labels: 3 })
    await expect(openModelFolder(path)).rejects.toThrow('renown.json: labels: expected a list, got 3')
  })

  test('keeps the card that is there', async () => {
    const path = await copyModelFolder()
    await writeFile(join(path, 'README.md'), 'my card')
    expect((await openModelFolder(path)).card).toBe('my card')
  })
})

describe('a plain transformers folder', () => {
  test('gets a manifest from its own files', async () => {
    const folder = await openModelFolder(await copyFixture('tiny-roberta'))
    expect(folder.derived).toBe(true)
    expect(folder.manifest).toMatchObject({
      name: 'tiny-roberta',
      version: folder.hash.slice(0, 12),
      license: 'unknown',
      labels: ['negative', 'neutral', 'positive'],
      temperature: 1,
      preparation: RAW_PREPARATION,
      evaluations: [],
    })
    expect(Object.keys(folder.manifest.files).sort()).toEqual([
      'config.json',
      'merges.txt',
      'model.safetensors',
      'pytorch_model.bin',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.json',
    ])
  })

  test('is prepared for as Twitter models are when its name says so', async () => {
    const path = await copyFixture('tiny-roberta')
    const config = await readJson(join(path, 'config.json'))
    const name = 'cardiffnlp/twitter-roberta-base-sentiment-latest'
    await writeFile(join(path, 'config.json'), JSON.stringify({ ...config, _name_or_path: name }))
    const { manifest } = await openModelFolder(path)
    expect(manifest.preparation).toEqual(CARDIFF_PREPARATION)
    expect(manifest.base).toEqual({ name })
  })

  test('has the labels that transformers would give where config.json has none', async () => {
    const path = await copyFixture('tiny-bert')
    const { id2label: _, label2id: __, ...config } = await readJson(join(path, 'config.json'))
    await writeFile(join(path, 'config.json'), JSON.stringify({ ...config, num_labels: 3 }))
    expect((await openModelFolder(path)).manifest.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2'])
    await writeFile(join(path, 'config.json'), JSON.stringify({ ...config, id2label: { 0: 'a', 2: 'b' } }))
    await expect(openModelFolder(path)).rejects.toThrow('id2label: expected a name for label 1, got nothing')
  })
})

describe('what is not a model folder', () => {
  test('is refused by name: nothing there, a file, a folder without config.json, broken config.json', async () => {
    const empty = await temporaryFolder()
    await expect(openModelFolder(join(empty, 'nowhere'))).rejects.toThrow('there is no such folder')
    await writeFile(join(empty, 'file'), '')
    await expect(openModelFolder(join(empty, 'file'))).rejects.toThrow('it is a file')
    await expect(openModelFolder(empty)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await writeFile(join(empty, 'config.json'), '[]')
    await expect(openModelFolder(empty)).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
  })
})
