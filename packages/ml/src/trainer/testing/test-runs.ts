// Runs of the small model, for tests of the loop.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseTrainingArguments } from '../arguments/parse-arguments.ts'
import type { TrainingEvent, TrainOptions } from '../train-options.ts'
import type { TrainingExample } from '../training-example.ts'
import { BagModel } from './bag-model.ts'
import { LABELS, makeExamples, VOCABULARY } from './made-up-data.ts'

const folders: string[] = []

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renown-trainer-'))
  folders.push(folder)
  return folder
}

export async function removeTemporaryFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
}

export function createBagModel(): BagModel {
  return new BagModel({ vocabulary: VOCABULARY, labels: LABELS.length, dropout: 0.2, weightDecay: 0.01 })
}

export type TestChanges = Omit<Partial<TrainOptions>, 'model'> & { readonly model?: BagModel }

export interface TestRun {
  readonly options: TrainOptions & { readonly model: BagModel }
  readonly events: TrainingEvent[]
}

/** Forty texts to train on and thirty to evaluate, in batches of eight: five updates an epoch. */
export async function prepareRun(given: Record<string, unknown>, more: TestChanges = {}): Promise<TestRun> {
  const events: TrainingEvent[] = []
  const options = {
    arguments: parseTrainingArguments({ save_strategy: 'no', learning_rate: 0.05, ...given }),
    examples: makeExamples(40),
    evaluation: makeExamples(30, 2),
    labels: LABELS,
    output: await temporaryFolder(),
    threads: 1,
    now: () => 0,
    ...more,
    model: more.model ?? createBagModel(),
    onEvent: (event: TrainingEvent) => {
      events.push(event)
      more.onEvent?.(event)
    },
  }
  return { options, events }
}

/** Evaluations answer with given accuracies: so many of the texts, in order, get their label. */
export class ScriptedModel extends BagModel {
  private readonly accuracies: number[]

  constructor(accuracies: readonly number[]) {
    super({ vocabulary: VOCABULARY, labels: LABELS.length })
    this.accuracies = [...accuracies]
  }

  override async predict(sequences: readonly Int32Array[]): Promise<Float32Array[]> {
    const right = (this.accuracies.shift() ?? 0) * sequences.length
    return sequences.map((_, index) => (index < right ? Float32Array.of(1, 0, 0) : Float32Array.of(0, 1, 0)))
  }
}

/** Texts of one token and of the label 0: a scripted model scores them in one batch. */
export function makeUniformExamples(count: number): TrainingExample[] {
  return Array.from({ length: count }, (_, row) => ({ ids: Int32Array.of(row % VOCABULARY), label: 0, row }))
}
