// A training in a process of its own, for tests that kill it. Arguments: folder, and at which call of the model to wait.
import { writeSync } from 'node:fs'
import { parseTrainingArguments } from '../arguments/parse-arguments.ts'
import { train } from '../train.ts'
import { BagModel } from './bag-model.ts'
import { LABELS, makeExamples, VOCABULARY } from './made-up-data.ts'

const [folder = '', method = '', call = ''] = process.argv.slice(2)
let calls = 0

/** Tells that the call has been reached, and never returns: the next thing is SIGKILL. */
function waitForTheEnd(name: string): void {
  if (name !== method || ++calls < Number(call)) return
  writeSync(1, 'waiting\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

class MortalModel extends BagModel {
  override async accumulate(...args: Parameters<BagModel['accumulate']>): ReturnType<BagModel['accumulate']> {
    waitForTheEnd('accumulate')
    return super.accumulate(...args)
  }

  override async predict(...args: Parameters<BagModel['predict']>): ReturnType<BagModel['predict']> {
    waitForTheEnd('predict')
    return super.predict(...args)
  }

  override async saveOptimizer(path: string): Promise<void> {
    waitForTheEnd('saveOptimizer')
    await super.saveOptimizer(path)
  }
}

await train({
  model: new MortalModel({ vocabulary: VOCABULARY, labels: LABELS.length, dropout: 0.2, weightDecay: 0.01 }),
  arguments: parseTrainingArguments({
    learning_rate: 0.05,
    num_train_epochs: 2,
    logging_steps: 3,
    eval_strategy: 'steps',
    eval_steps: 2,
    save_steps: 2,
  }),
  examples: makeExamples(40),
  evaluation: makeExamples(30, 2),
  labels: LABELS,
  output: folder,
  threads: 1,
  now: () => 0,
})
