// Tests of `renown export`'s work: what is in the folder, that it runs, that it is whole or absent.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createScorer, RAW_PREPARATION, TWEET_PREPARATION } from '@renown/ml'
import { afterEach, describe, expect, test } from 'vitest'
import { exportModelFolder } from './export-model-folder.ts'
import { openModelFolder } from './open-model-folder.ts'
import { copyFixture, FIXTURES, readJson, removeTemporaryFolders, temporaryFolder } from './test-fixtures.ts'

afterEach(removeTemporaryFolders)

interface Golden {
  readonly input_ids: number[][]
  readonly attention_mask: number[][]
  readonly logits: number[][]
}

async function largestError(folder: string, name: string, file: string): Promise<number> {
  const golden = (await readJson(join(FIXTURES, name, 'golden.json'))) as unknown as Golden
  const scorer = await createScorer(folder, { threads: 1, file })
  try {
    const sequences = golden.input_ids.map((ids, row) =>
      Int32Array.from(ids.filter((_, at) => golden.attention_mask[row]?.[at] === 1)),
    )
    const logits = await scorer.score(sequences)
    const errors = logits.flatMap((row, at) =>
      [...row].map((value, k) => Math.abs(value - (golden.logits[at]?.[k] ?? NaN))),
    )
    return Math.max(...errors)
  } finally {
    await scorer.release()
  }
}

describe.each(['tiny-bert', 'tiny-roberta'] as const)('an export of %s', (name) => {
  test('is a model folder whose files give the logits of the checkpoint', async () => {
    const output = join(await temporaryFolder(), 'exported')
    const source = await copyFixture(name)
    const report = await exportModelFolder(source, output, { weights: true, license: 'apache-2.0' })
    const folder = await openModelFolder(output)
    expect(folder.hash).toBe(report.hash)
    expect(folder.derived).toBe(false)
    expect(folder.manifest).toMatchObject({
      name: 'exported',
      version: folder.hash.slice(0, 12),
      license: 'apache-2.0',
      labels: ['negative', 'neutral', 'positive'],
      window: 48,
      preparation: RAW_PREPARATION,
    })
    expect(Object.keys(folder.manifest.files)).toEqual(
      expect.arrayContaining(['config.json', 'tokenizer.json', 'onnx/model.onnx', 'onnx/model_quantized.onnx']),
    )
    expect(await largestError(output, name, 'onnx/model.onnx')).toBeLessThan(1e-4)
    expect(await largestError(output, name, 'model.safetensors')).toBeLessThan(1e-4)
    expect(await largestError(output, name, 'onnx/model_quantized.onnx')).toBeLessThan(0.5)
    expect(await readFile(join(output, 'README.md'), 'utf8')).toContain('# exported')
  })

  test('is made from pickled weights just as well', async () => {
    const source = await copyFixture(name)
    await rm(join(source, 'model.safetensors'))
    const output = join(await temporaryFolder(), 'exported')
    await exportModelFolder(source, output, { kinds: ['float'] })
    expect(await largestError(output, name, 'onnx/model.onnx')).toBeLessThan(1e-4)
  })
})

describe('exportModelFolder', () => {
  test('writes what it was told, and no more', async () => {
    const output = join(await temporaryFolder(), 'mine')
    const licenseFile = join(dirname(output), 'licence.txt')
    await writeFile(licenseFile, 'Do what you like.')
    const { manifest } = await exportModelFolder(await copyFixture('tiny-bert'), output, {
      kinds: ['quantized'],
      name: 'other',
      version: '2.1',
      labels: ['bad', 'so-so', 'good'],
      base: { name: 'someone/base' },
      preparation: TWEET_PREPARATION,
      temperature: 1.5,
      training: { data: [{ name: 'posts' }], recipe: { epochs: 2 } },
      licenseFile,
      created: new Date('2026-01-02T03:04:05Z'),
    })
    expect(manifest).toMatchObject({
      name: 'other',
      version: '2.1',
      labels: ['bad', 'so-so', 'good'],
      base: { name: 'someone/base' },
      preparation: TWEET_PREPARATION,
      temperature: 1.5,
      created: '2026-01-02T03:04:05.000Z',
    })
    expect((await readdir(output)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'config.json',
      'onnx',
      'renown.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.txt',
    ])
    expect(await readdir(join(output, 'onnx'))).toEqual(['model_quantized.onnx'])
    expect(await readJson(join(output, 'config.json'))).toMatchObject({ id2label: { '0': 'bad', '2': 'good' } })
  })

  test('keeps what the source says of itself when the source is a model folder of ours', async () => {
    const folder = await temporaryFolder()
    const options = { kinds: ['float'], weights: true, license: 'mit', temperature: 2 } as const
    await exportModelFolder(await copyFixture('tiny-bert'), join(folder, 'one'), options)
    const { manifest } = await exportModelFolder(join(folder, 'one'), join(folder, 'two'), { kinds: ['float'] })
    expect(manifest).toMatchObject({ name: 'two', license: 'mit', temperature: 2 })
  })

  test('refuses an output that is not empty, and leaves it as it is', async () => {
    const output = await temporaryFolder()
    await writeFile(join(output, 'precious'), 'mine')
    await expect(exportModelFolder(await copyFixture('tiny-bert'), output)).rejects.toMatchObject({
      code: 'EXPORT_REFUSED',
      message: expect.stringContaining('precious'),
    })
    expect(await readdir(output)).toEqual(['precious'])
  })

  test('takes an empty folder as output', async () => {
    const output = await temporaryFolder()
    await exportModelFolder(await copyFixture('tiny-bert'), output, { kinds: ['float'] })
    await expect(openModelFolder(output)).resolves.toBeDefined()
  })

  test('leaves nothing behind when the source is broken', async () => {
    const source = await copyFixture('tiny-bert')
    await writeFile(join(source, 'model.safetensors'), 'not weights')
    const parent = await temporaryFolder()
    await expect(exportModelFolder(source, join(parent, 'out'))).rejects.toThrow()
    expect(await readdir(parent)).toEqual([])
  })

  test('leaves nothing behind when it is stopped', async () => {
    const parent = await temporaryFolder()
    const controller = new AbortController()
    const options = { signal: controller.signal, onStep: () => controller.abort() }
    await expect(exportModelFolder(await copyFixture('tiny-bert'), join(parent, 'out'), options)).rejects.toThrow()
    expect(await readdir(parent)).toEqual([])
  })

  test('removes what an export that was killed left beside the output', async () => {
    const parent = await temporaryFolder()
    const gone = 2 ** 22 + 12345
    await mkdir(join(parent, `.out.renown-export-${gone}`, 'onnx'), { recursive: true })
    await mkdir(join(parent, `.other.renown-export-${gone}`))
    await exportModelFolder(await copyFixture('tiny-bert'), join(parent, 'out'), { kinds: ['float'] })
    expect((await readdir(parent)).sort()).toEqual([`.other.renown-export-${gone}`, 'out'])
  })

  test('refuses another number of labels than the model has', async () => {
    const parent = await temporaryFolder()
    await expect(
      exportModelFolder(await copyFixture('tiny-bert'), join(parent, 'out'), { labels: ['a', 'b'] }),
    ).rejects.toThrow('expected 3 labels, as config.json has, got 2')
  })
})
