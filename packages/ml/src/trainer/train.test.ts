// The loop does what the Trainer does, in its order, and the same on every run.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parseTrainingArguments } from './arguments/parse-arguments.ts'
import { BagModel } from './testing/bag-model.ts'
import { LABELS, makeExamples, VOCABULARY } from './testing/made-up-data.ts'
import { train } from './train.ts'
import type { TrainOptions } from './train-options.ts'

const folders: string[] = []

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trainer-'))
  folders.push(folder)
  return folder
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function optionsFor(given: Record<string, unknown>, more: Partial<TrainOptions> = {}): Promise<TrainOptions> {
  return {
    model: new BagModel({ vocabulary: VOCABULARY, labels: LABELS.length, dropout: 0.1 }),
    arguments: parseTrainingArguments({ save_strategy: 'no', learning_rate: 0.05, ...given }),
    examples: makeExamples(40),
    evaluation: makeExamples(30, 2),
    labels: LABELS,
    output: await temporaryFolder(),
    threads: 1,
    now: () => 0,
    ...more,
  }
}

describe('training', () => {
  it('learns what can be learnt', async () => {
    const options = await optionsFor({ num_train_epochs: 12, eval_strategy: 'epoch', logging_strategy: 'epoch' })
    const result = await train(options)
    expect(result.status).toBe('finished')
    expect(result.steps).toBe(60)
    const rows = result.log.filter((row) => 'eval_accuracy' in row)
    expect(rows).toHaveLength(12)
    expect(rows.at(-1)!.eval_macro_recall).toBeGreaterThan(0.8)
  })
  it('keeps as many checkpoints as asked for', async () => {
    const given = { num_train_epochs: 2, save_strategy: 'steps', save_steps: 2, save_total_limit: 2 }
    const options = await optionsFor(given)
    await train(options)
    expect((await readdir(options.output)).sort()).toEqual(['checkpoint-10', 'checkpoint-8', 'trainer_state.json'])
  })
})
