// Publishing and pulling a model folder of 500 MB over loopback, against copying and hashing it, in turns.
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type FileRecord, type ModelManifest, renderModelCard } from '@renown/models'
import { withTemporaryFolder } from './support/folders.ts'
import { hashFile } from './support/hash-file.ts'
import { type RunningProcess, runToEnd, startProcess, waitUntil } from './support/process.ts'
import { atMost, progress, publish } from './support/report.ts'
import { median, round } from './support/statistics.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, megabytes: { type: 'string', default: '500' } },
})
const rounds = Number(values.rounds)
const megabytes = Number(values.megabytes)
const NAME = 'someone/large'
const SLOWEST = 1.5
const MOST_MB = 300
const KINDS = ['copy', 'publish', 'pull'] as const

type Kind = (typeof KINDS)[number]

interface Sample {
  readonly seconds: number
  /** Of all its threads; less than `seconds` where it waited, for the stand-in, the disk or a busy machine. */
  readonly cpuSeconds: number
  readonly peakMb: number
}

/** Weights of chance in two files, with a manifest and a card around them. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const large = { 'model.safetensors': Math.round(megabytes * 0.8), 'onnx/model_quantized.onnx': 0 }
  large['onnx/model_quantized.onnx'] = megabytes - large['model.safetensors']
  for (const [name, size] of Object.entries(large)) {
    for (let done = 0; done < size; done++) await appendFile(join(folder, name), randomBytes(1_000_000))
  }
  await writeFile(join(folder, 'config.json'), '{}')
  await writeFile(join(folder, 'tokenizer.json'), '{}')
  const files: Record<string, FileRecord> = {}
  for (const name of ['config.json', 'tokenizer.json', ...Object.keys(large)]) {
    files[name] = await hashFile(join(folder, name))
  }
  const manifest: ModelManifest = {
    format: 1,
    name: 'large',
    version: '1',
    parent: null,
    base: null,
    license: 'apache-2.0',
    created: new Date().toISOString(),
    labels: ['negative', 'positive'],
    temperature: 1,
    preparation: { mentions: 'keep', urls: 'keep', entities: 'keep', escapes: 'keep' },
    training: null,
    evaluations: Object.keys(large).map((file) => ({
      file,
      dataSet: 'none',
      split: 'test',
      rows: 1,
      sha256: '0'.repeat(64),
      metrics: { accuracy: { value: 0.5 } },
    })),
    files,
  }
  await writeFile(join(folder, 'renown.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'README.md'), renderModelCard(manifest))
}

const HUB = fileURLToPath(new URL('./support/hub-process.ts', import.meta.url))
const CHILD = fileURLToPath(new URL('./support/publish-child.ts', import.meta.url))
const FROM_SOURCES = ['--conditions=source', '--import', import.meta.resolve('tsx')]

async function startHub(): Promise<{ readonly running: RunningProcess; readonly url: string }> {
  const running = startProcess({ file: process.execPath, args: [...FROM_SOURCES, HUB] })
  const url = await waitUntil(running, async () => /http:\S+/.exec(running.output())?.[0] ?? null)
  return { running, url }
}

async function runRound(place: string): Promise<Record<Kind, Sample>> {
  const model = join(place, 'model')
  const copy = join(place, 'copy')
  const cache = join(place, 'cache')
  const { running, url } = await startHub()
  const transfer = async (kind: Kind, target: string): Promise<Sample> => {
    const env = { HF_ENDPOINT: url, HF_TOKEN: 'hf_standIn', HF_HUB_CACHE: cache }
    const args = [...FROM_SOURCES, CHILD, kind, model, target]
    const { output, peakMb } = await runToEnd({ file: process.execPath, args, env })
    const { seconds, cpuSeconds } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Omit<Sample, 'peakMb'>
    return { seconds, cpuSeconds, peakMb }
  }
  try {
    return {
      copy: await transfer('copy', copy),
      publish: await transfer('publish', NAME),
      pull: await transfer('pull', NAME),
    }
  } finally {
    await running.stop()
    await rm(copy, { recursive: true, force: true })
    await rm(cache, { recursive: true, force: true })
  }
}

await withTemporaryFolder(async (place) => {
  await makeFolder(join(place, 'model'))
  const samples: Record<Kind, Sample>[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const sample = await runRound(place)
    samples.push(sample)
    progress(KINDS.map((kind) => `${kind} ${round(sample[kind].seconds, 2)} s`).join(', '))
  }
  const secondsOf = (kind: Kind): number => median(samples.map((sample) => sample[kind].seconds))
  const memoryOf = (kind: Kind): number => Math.max(...samples.map((sample) => sample[kind].peakMb))
  const both = median(samples.map(({ copy, publish, pull }) => (publish.seconds + pull.seconds) / (2 * copy.seconds)))
  publish('publish', {
    settings: { rounds, megabytes },
    rows: KINDS.map((kind) => ({
      what: kind === 'copy' ? 'copy to the disk and hash' : kind,
      'median s': round(secondsOf(kind), 2),
      'processor s': round(median(samples.map((sample) => sample[kind].cpuSeconds)), 2),
      'MB/s': round(megabytes / secondsOf(kind), 0),
      'peak MB': round(memoryOf(kind), 0),
    })),
    targets: [
      atMost('publish and pull over copying and hashing twice', both, SLOWEST),
      atMost('memory of publish, MB', memoryOf('publish'), MOST_MB),
      atMost('memory of pull, MB', memoryOf('pull'), MOST_MB),
    ],
    samples,
  })
})
