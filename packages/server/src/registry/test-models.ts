// For the tests: tiny models in HOME/models, each with what a gate said of it.
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GateReport } from '@renown/contract'
import { type FileRecord, MANIFEST_FILE, type ManifestEvaluation, openModelFolder } from '@renown/models'

const FIXTURE = fileURLToPath(new URL('../../../ml/fixtures/tiny-bert', import.meta.url))
const COPIED = ['config.json', 'tokenizer.json', 'vocab.txt', 'model.safetensors']

export interface TestModel {
  readonly name: string
  readonly version: string
  readonly recall?: number
  readonly gate?: Partial<Pick<GateReport, 'verdict' | 'rules'>> & {
    readonly hash?: string
    /** Hash of the champion that it was compared with. */
    readonly champion?: string
  }
  /** Papers beside it. */
  readonly papers?: Readonly<Record<string, string>>
}

/** A model folder in HOME/models; another version of a name has other files. */
export async function makeTestModel(home: string, { name, version, recall, gate, papers }: TestModel): Promise<string> {
  const folder = join(home, 'models', name)
  await mkdir(folder, { recursive: true })
  for (const file of COPIED) await copyFile(join(FIXTURE, file), join(folder, file))
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ variant: version }))
  const names = [...COPIED, 'tokenizer_config.json']
  const records = await Promise.all(names.map(async (file) => [file, await recordOf(join(folder, file))] as const))
  const manifest = {
    format: 1,
    name: 'tiny',
    version,
    parent: null,
    base: { name: 'someone/tiny-base' },
    license: 'apache-2.0',
    created: '2026-01-31T12:00:00Z',
    labels: ['negative', 'neutral', 'positive'],
    temperature: 1,
    window: 48,
    preparation: { mentions: '@user', urls: 'http', entities: 'decode', escapes: 'decode' },
    training: { data: [{ name: 'made/up', split: 'train', rows: 100 }], recipe: { epochs: 3 } },
    evaluations: recall === undefined ? [] : [evaluation(recall)],
    files: Object.fromEntries(records),
  }
  await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest))
  for (const [paper, text] of Object.entries(papers ?? {})) await writeFile(join(folder, paper), text)
  if (gate !== undefined) {
    const { hash } = await openModelFolder(folder, { verify: false })
    await writeFile(join(folder, 'gate.json'), JSON.stringify(gateReport(version, { hash, ...gate })))
  }
  return folder
}

function evaluation(recall: number): ManifestEvaluation {
  const metrics = { macroRecall: { value: recall, low: recall - 0.01, high: recall + 0.01 }, accuracy: { value: 0.7 } }
  return { file: 'model.safetensors', dataSet: 'made/up', split: 'test', rows: 500, sha256: 'b'.repeat(64), metrics }
}

function gateReport(version: string, options: TestModel['gate'] & { readonly hash: string }): object {
  const { hash, champion, ...gate } = options
  return {
    kind: 'renown-gate',
    format: 1,
    created: '2026-02-01T12:00:00.000Z',
    verdict: 'pass',
    candidate: { name: 'tiny', version, hash },
    references: champion === undefined ? [] : [{ role: 'champion', hash: champion, skipped: null }],
    data: { dataSet: 'made/up', split: 'gate', rows: 5000, set: 'e'.repeat(64) },
    models: [],
    rules: [{ rule: 'guessing', subject: 'model.safetensors', status: 'pass', sentence: 'macro recall 70.0 %' }],
    ...gate,
  }
}

async function recordOf(path: string): Promise<FileRecord> {
  const content = await readFile(path)
  return { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length }
}
