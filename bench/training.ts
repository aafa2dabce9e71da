// Fine-tuning against transformers' Trainer on the CPU: epochs, single steps, memory, start, head only.
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pathFromEnv, ROOT, testData, withTemporaryFolder } from './support/folders.ts'
import { runToEnd } from './support/process.ts'
import { atLeast, atMost, progress, publish, type Row, type Target } from './support/report.ts'
import { median, round } from './support/statistics.ts'
import { TORCH_STEP } from './support/torch-step.ts'
import type { EpochTask, StepTask } from './support/training-child.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '8' },
    'minilm-examples': { type: 'string', default: '1600' },
    'roberta-examples': { type: 'string', default: '320' },
  },
})
const rounds = Number(values.rounds)
const steps = Number(values.steps)
const DATA = 'data/tweeteval-sentiment/train.jsonl'
const CHILD = join(ROOT, 'bench/support/training-child.ts')

interface Epoch {
  readonly examplesPerSecond: number
  readonly peakMb: number
  readonly firstStepSeconds?: number
}

interface Steps {
  readonly passMs: readonly number[]
  readonly updateMs: readonly number[]
}

function requireEnv(variable: string, what: string): string {
  const path = pathFromEnv(variable)
  if (path === null) throw new Error(`set ${variable} to ${what} (see bench/README.md)`)
  return path
}

const python = requireEnv('PEER_PYTHON', 'a Python with torch, transformers and accelerate')
const bases = {
  minilm: {
    folder: requireEnv('MINILM_BASE', 'sentence-transformers/all-MiniLM-L6-v2'),
    examples: Number(values['minilm-examples']),
  },
  roberta: {
    folder: requireEnv('ROBERTA_MODEL', 'a RoBERTa-base checkpoint'),
    examples: Number(values['roberta-examples']),
  },
} as const
type BaseName = keyof typeof bases

async function lastLine<T>(file: string, args: readonly string[], cwd: string): Promise<T> {
  const { output } = await runToEnd({ file, args, cwd, env: { HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error' } })
  const line = output.split('\n').findLast((each) => each.startsWith('{'))
  if (line === undefined) throw new Error(`${file} ${args.join(' ')} printed no figures:\n${output}`)
  return JSON.parse(line) as T
}

function own<T>(task: EpochTask | StepTask): Promise<T> {
  return lastLine<T>(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(task)], ROOT)
}

function ownEpoch(name: BaseName, extra: Readonly<Record<string, unknown>> = {}, folder?: string): Promise<Epoch> {
  const { folder: base, examples } = bases[name]
  const settings = { per_device_train_batch_size: 16, num_train_epochs: 1, learning_rate: 2e-5, ...extra }
  return own({ kind: 'epoch', base: folder ?? base, data: testData(DATA), examples, arguments: settings })
}

async function peerEpoch(name: BaseName, cwd: string, ...flags: readonly string[]): Promise<Epoch> {
  const { folder, examples } = bases[name]
  const args = [testData('peers/trainer.py'), folder, testData(DATA), String(examples), ...flags]
  const line = await lastLine<{ examples_per_s: number; peak_mb: number }>(python, args, cwd)
  return { examplesPerSecond: line.examples_per_s, peakMb: line.peak_mb }
}

async function measureSteps(
  name: BaseName,
  rows: number,
  length: number,
  cwd: string,
): Promise<Record<'own' | 'peer', Steps>> {
  const { folder } = bases[name]
  const args = ['-c', TORCH_STEP, folder, String(rows), String(length), String(steps)]
  return {
    own: await own<Steps>({ kind: 'step', base: folder, rows, length, steps }),
    peer: await lastLine<Steps>(python, args, cwd),
  }
}

/** The first steps warm up; the fastest of the others is what the machine can do. */
function fastest(values: readonly number[]): number {
  return Math.min(...values.slice(2))
}

/** The base with its weights in pytorch_model.bin alone. */
function pickledCopy(folder: string): string | null {
  const from = bases.roberta.folder
  if (!existsSync(join(from, 'pytorch_model.bin'))) return null
  const to = join(folder, 'pickled')
  mkdirSync(to)
  for (const file of [
    'config.json',
    'vocab.json',
    'merges.txt',
    'tokenizer.json',
    'tokenizer_config.json',
    'pytorch_model.bin',
  ]) {
    if (existsSync(join(from, file))) cpSync(join(from, file), join(to, file))
  }
  return to
}

interface Round {
  readonly own: Epoch
  readonly head: Epoch
  readonly peer: Epoch
  readonly peerGrouped: Epoch
  readonly steps: Record<'own' | 'peer', Steps>
}

async function measureRound(name: BaseName, cwd: string): Promise<Round> {
  const [rows, length] = name === 'roberta' ? [16, 64] : [32, 32]
  return {
    own: await ownEpoch(name),
    peer: await peerEpoch(name, cwd),
    peerGrouped: await peerEpoch(name, cwd, '--group-by-length'),
    head: await ownEpoch(name, { freeze_encoder: true }),
    steps: await measureSteps(name, rows, length, cwd),
  }
}

/** The median over the rounds of a ratio taken within each. */
function ratio(all: readonly Round[], of: (round: Round) => number): number {
  return median(all.map(of))
}

function targetsOf(name: BaseName, all: readonly Round[]): Target[] {
  const stepSpeed = ratio(all, ({ steps: { own: mine, peer } }) => fastest(peer.passMs) / fastest(mine.passMs))
  return [
    atLeast(
      `${name}: examples/s / Trainer`,
      ratio(all, (each) => each.own.examplesPerSecond / each.peer.examplesPerSecond),
      1.5,
    ),
    atLeast(
      `${name}: examples/s / Trainer grouped by length`,
      ratio(all, (each) => each.own.examplesPerSecond / each.peerGrouped.examplesPerSecond),
      1.15,
    ),
    atLeast(`${name}: one step at a fixed shape, speed / PyTorch`, stepSpeed, 1),
    atLeast(
      `${name}: head only, examples/s / full fine-tuning`,
      ratio(all, (each) => each.head.examplesPerSecond / each.own.examplesPerSecond),
      2.5,
    ),
  ]
}

function rowsOf(name: BaseName, all: readonly Round[]): Row[] {
  const epoch = (label: string, of: (each: Round) => Epoch): Row => ({
    what: `${name}, ${label}`,
    'examples/s': round(median(all.map((each) => of(each).examplesPerSecond))),
    'peak MB': round(median(all.map((each) => of(each).peakMb)), 0),
  })
  const step = (label: string, of: (each: Round) => Steps): Row => ({
    what: `${name}, one step, ${label}`,
    'forward + backward ms': round(median(all.map((each) => fastest(of(each).passMs))), 0),
    'optimizer ms': round(median(all.map((each) => fastest(of(each).updateMs))), 0),
  })
  return [
    epoch('Renown', (each) => each.own),
    epoch('Renown, head only', (each) => each.head),
    epoch('Trainer', (each) => each.peer),
    epoch('Trainer, grouped by length', (each) => each.peerGrouped),
    step('Renown', (each) => each.steps.own),
    step('PyTorch', (each) => each.steps.peer),
  ]
}

await withTemporaryFolder(async (folder) => {
  const pickled = pickledCopy(folder)
  const samples: Record<BaseName, Round[]> = { minilm: [], roberta: [] }
  const starts: number[] = []
  for (let turn = 1; turn <= rounds; turn++) {
    samples.minilm.push(await measureRound('minilm', folder))
    samples.roberta.push(await measureRound('roberta', folder))
    if (pickled !== null)
      starts.push((await ownEpoch('roberta', { max_steps: 1 }, pickled)).firstStepSeconds ?? Number.NaN)
    progress(`round ${turn} of ${rounds}`)
  }
  const share = ratio(samples.roberta, ({ steps: { own: mine } }) => {
    const [pass, update] = [median(mine.passMs.slice(2)), median(mine.updateMs.slice(2))]
    return update / (pass + update)
  })
  publish('training', {
    settings: {
      rounds,
      steps,
      batch: 16,
      examples: { minilm: bases.minilm.examples, roberta: bases.roberta.examples },
    },
    rows: [...rowsOf('minilm', samples.minilm), ...rowsOf('roberta', samples.roberta)],
    targets: [
      ...targetsOf('minilm', samples.minilm),
      ...targetsOf('roberta', samples.roberta),
      atMost("roberta: optimizer's share of a step of 1,024 tokens", share, 0.12),
      atMost(
        'roberta: peak memory / Trainer',
        ratio(samples.roberta, (each) => each.own.peakMb / each.peer.peakMb),
        1.15,
      ),
      ...(pickled === null
        ? []
        : [atMost('roberta: seconds to the first step, from pytorch_model.bin', median(starts), 10)]),
    ],
    samples: { ...samples, firstStepSeconds: starts },
  })
})
