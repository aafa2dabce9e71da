// Begins a run anew, or where a checkpoint left it.
import { dirname } from 'node:path'
import { MlError } from '../errors.ts'
import { cleanOutput, listCheckpoints } from './checkpoint/checkpoint-folders.ts'
import { type Checkpoint, findLatestCheckpoint, readCheckpoint } from './checkpoint/read-checkpoint.ts'
import { compareRuns } from './checkpoint/run-record.ts'
import { createRun, type Run } from './run.ts'
import { INITIAL_STATE, type RunState } from './run-state.ts'
import type { RunPlan } from './steps-plan.ts'
import type { TrainOptions } from './train-options.ts'

/**
 * Cleans the output folder, which must be locked, and loads the checkpoint that the arguments name.
 * @throws MlError CHECKPOINT_INVALID, CHECKPOINT_MISMATCH, OUTPUT_OCCUPIED
 */
export async function startRun(options: TrainOptions, plan: RunPlan): Promise<{ run: Run; state: RunState }> {
  await cleanOutput(options.output)
  const checkpoint = await findCheckpoint(options)
  const state = checkpoint?.record.state ?? INITIAL_STATE
  const run = createRun(options, plan, { origin: checkpoint && dirname(checkpoint.path), state })
  if (checkpoint) await resume(run, checkpoint)
  return { run, state }
}

async function findCheckpoint(options: TrainOptions): Promise<Checkpoint | undefined> {
  const { resumeFromCheckpoint } = options.arguments
  if (typeof resumeFromCheckpoint === 'string') return readCheckpoint(resumeFromCheckpoint)
  if (resumeFromCheckpoint === null) {
    const folders = await listCheckpoints(options.output)
    if (folders.length === 0) return undefined
    throw new MlError(
      'OUTPUT_OCCUPIED',
      `${options.output} holds checkpoints of an earlier run (the latest of step ${folders.at(-1)!.step}): ` +
        'continue it with resume_from_checkpoint true, or choose another folder',
    )
  }
  const { checkpoint, damaged } = await findLatestCheckpoint(options.output)
  for (const error of damaged) options.onEvent?.({ type: 'notice', message: `${error.message}; passed over` })
  if (!checkpoint) {
    if (damaged.length > 0) throw damaged[0]
    options.onEvent?.({
      type: 'notice',
      message: `There is no checkpoint in ${options.output}: training starts from the beginning`,
    })
  }
  return checkpoint
}

async function resume(run: Run, { path, step, record, weights, optimizer }: Checkpoint): Promise<void> {
  const { options } = run
  const differences = compareRuns(record, run.record, options.arguments)
  if (differences.length > 0) {
    throw new MlError(
      'CHECKPOINT_MISMATCH',
      `${path} is of another run. What differs: ${differences.join(', ')}. Use the same, or train into a new folder`,
    )
  }
  if (record.threads !== options.threads) {
    const message =
      `The run began with ${record.threads} threads and goes on with ${options.threads}: ` +
      'sums may differ in their last bits'
    run.emit({ type: 'notice', message })
  }
  await options.model.load({ weights, optimizer })
  run.emit({ type: 'resumed', step, checkpoint: path })
}
