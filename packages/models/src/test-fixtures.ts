// What the tests of this package share: copies of the fixture models, and folders that vanish.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashFile } from './hash-file.ts'
import type { FileRecord, ManifestEvaluation, ModelManifest } from './manifest.ts'

export const FIXTURES: string = fileURLToPath(new URL('../../ml/fixtures', import.meta.url))

const folders: string[] = []

/** For `afterEach`. */
export async function removeTemporaryFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renown-models-'))
  folders.push(folder)
  return folder
}

/** A plain transformers folder: the fixture without its golden values. */
export async function copyFixture(name: 'tiny-bert' | 'tiny-roberta'): Promise<string> {
  const folder = join(await temporaryFolder(), name)
  await cp(join(FIXTURES, name), folder, { recursive: true })
  for (const extra of ['golden.json', 'gradients.safetensors', 'trained.safetensors']) await rm(join(folder, extra))
  return folder
}

const LISTED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt', 'model.safetensors']

/** The BERT fixture with a manifest that lists its files. */
export async function copyModelFolder(): Promise<string> {
  const folder = await copyFixture('tiny-bert')
  await rm(join(folder, 'pytorch_model.bin'))
  const records = await Promise.all(LISTED.map((name) => hashFile(join(folder, name))))
  const files = Object.fromEntries(LISTED.map((name, index) => [name, records[index] as FileRecord]))
  await writeManifest(folder, { ...MANIFEST, files })
  return folder
}

export async function writeManifest(folder: string, manifest: unknown): Promise<void> {
  await writeFile(join(folder, 'renown.json'), JSON.stringify(manifest))
}

export async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
}

export const HASH: string = 'a'.repeat(64)

export const MANIFEST: ModelManifest = {
  format: 1,
  name: 'tiny',
  version: '1.0.0',
  parent: null,
  base: { name: 'someone/tiny-base' },
  license: 'apache-2.0',
  created: '2026-01-31T12:00:00Z',
  labels: ['negative', 'neutral', 'positive'],
  temperature: 1,
  window: 48,
  preparation: { mentions: '@user', urls: 'http', entities: 'decode', escapes: 'decode' },
  training: { data: [{ name: 'posts', split: 'train', rows: 45615 }], recipe: { learning_rate: 0.00008, epochs: 3 } },
  evaluations: [],
  files: { 'config.json': { sha256: HASH, bytes: 1 }, 'onnx/model_quantized.onnx': { sha256: HASH, bytes: 2 } },
}

/** Everything that a training of ours writes beside. */
export const TRAINED: ModelManifest = {
  ...MANIFEST,
  base: { name: 'someone/tiny-base', revision: 'abcd1234', sha256: HASH },
  temperature: 1.25,
  temperatureFit: {
    value: 1.25,
    dataSet: 'someone/posts (mood)',
    split: 'validation',
    rows: 2000,
    nllBefore: 0.61,
    nllAfter: 0.6,
  },
  training: {
    data: [{ name: 'someone/posts', config: 'mood', revision: '1234abcd', split: 'train', rows: 45615, sha256: HASH }],
    recipe: { learning_rate: 0.00008 },
    trainer: 'Renown',
    commit: '0123abcd',
    seconds: 3725,
    machine: { cpu: 'Some CPU', threads: 2, platform: 'linux x64', node: '20.20.0', onnxruntime: '1.30.0' },
    curve: [
      { epoch: 0.5, step: 713, evalLoss: 0.7, metrics: { macro_recall: 0.65 } },
      { epoch: 1, step: 1426, loss: 0.8, evalLoss: 0.6, metrics: { macro_recall: 0.7, accuracy: 0.69 } },
    ],
  },
}

export const EVALUATION: ManifestEvaluation = {
  file: 'model.safetensors',
  encoding: 'float32',
  dataSet: 'Some Posts/sentiment',
  split: 'test',
  rows: 12284,
  sha256: HASH,
  metrics: {
    macroRecall: { value: 0.7018, low: 0.6935, high: 0.7105 },
    accuracy: { value: 0.69 },
    macroF1: { value: 0.689 },
    ece: { value: 0.04 },
  },
  perClass: [{ label: 'negative', precision: 0.7, recall: 0.77, f1: 0.73, support: 3972 }],
  confusion: [
    [5, 1, 0],
    [1, 5, 0],
    [0, 1, 5],
  ],
}
