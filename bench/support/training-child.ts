// One measurement of training in a process of its own: prints a line of JSON. Started by bench/training.ts.
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  createTrainableModel,
  loadTextEncoder,
  parseTrainingArguments,
  type TrainableModel,
  type TrainingExample,
  train,
  trainableModelOptions,
} from '@renown/ml'

export interface EpochTask {
  readonly kind: 'epoch'
  readonly base: string
  readonly data: string
  readonly examples: number
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface StepTask {
  readonly kind: 'step'
  readonly base: string
  readonly rows: number
  readonly length: number
  readonly steps: number
}

const LABELS = ['negative', 'neutral', 'positive']
/** As peers/trainer.py has it. */
const MAX_LENGTH = 128

function openModel(base: string, settings: ReturnType<typeof parseTrainingArguments>): Promise<TrainableModel> {
  return createTrainableModel(
    base,
    trainableModelOptions(settings, { labels: LABELS, threads: availableParallelism() }),
  )
}

async function readExamples(base: string, data: string, count: number): Promise<TrainingExample[]> {
  const encoder = await loadTextEncoder(base)
  const examples: TrainingExample[] = []
  for await (const line of createInterface({ input: createReadStream(data) })) {
    const { text, label } = JSON.parse(line) as { text: string; label: string }
    const row = examples.length
    examples.push({ ids: encoder.encodeTruncated(text, MAX_LENGTH), label: LABELS.indexOf(label), row })
    if (examples.length === count) break
  }
  return examples
}

/** Seconds from `train` to its end, and from the start of the process to the end of the first update. */
async function measureEpoch(task: EpochTask): Promise<Record<string, number>> {
  const settings = parseTrainingArguments({ save_strategy: 'no', logging_strategy: 'no', ...task.arguments })
  const examples = await readExamples(task.base, task.data, task.examples)
  const model = await openModel(task.base, settings)
  const output = await mkdtemp(join(tmpdir(), 'renown-bench-train-'))
  let firstUpdate = 0
  const start = performance.now()
  await train({
    model,
    examples,
    output,
    arguments: settings,
    labels: LABELS,
    threads: availableParallelism(),
    onEvent: ({ type }) => {
      if (type === 'update' && firstUpdate === 0) firstUpdate = performance.now()
    },
  })
  const seconds = (performance.now() - start) / 1000
  await model.release()
  await rm(output, { recursive: true })
  return {
    seconds,
    examplesPerSecond: task.examples / seconds,
    firstStepSeconds: firstUpdate / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }
}

/** Medians of forward + backward and of the optimizer, in milliseconds, at one shape, with dropout. */
async function measureStep(task: StepTask): Promise<Record<string, number[]>> {
  const model = await openModel(task.base, parseTrainingArguments({}))
  const sequences = Array.from({ length: task.rows }, (_, row) =>
    Int32Array.from({ length: task.length }, (_, place) => 5 + ((row * 7919 + place * 104_729) % 20_000)),
  )
  const targets = new Float32Array(task.rows * 3)
  for (let row = 0; row < task.rows; row++) targets[row * 3 + (row % 3)] = 1 / task.rows
  const passMs: number[] = []
  const updateMs: number[] = []
  for (let step = 0; step < task.steps; step++) {
    const start = performance.now()
    await model.accumulate({ sequences, targets, dropout: { seed: 1, step, micro: 0 } })
    const middle = performance.now()
    model.update({ learningRate: 1e-5, maxGradNorm: 1 })
    passMs.push(middle - start)
    updateMs.push(performance.now() - middle)
  }
  await model.release()
  return { passMs, updateMs }
}

const task = JSON.parse(process.argv[2] ?? '{}') as EpochTask | StepTask
console.log(JSON.stringify(task.kind === 'epoch' ? await measureEpoch(task) : await measureStep(task)))
