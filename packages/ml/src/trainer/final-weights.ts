// Which weights the model holds in the end: the last, the best, or an average.
import { access, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MlError } from '../errors.ts'
import { adjustLogits } from './adjust-logits.ts'
import { averageWeights } from './average-weights.ts'
import { averageFolder, listCheckpoints, removeCheckpoint } from './checkpoint/checkpoint-folders.ts'
import { checkWeights } from './checkpoint/read-checkpoint.ts'
import { WEIGHTS_FILE, writeFailure } from './checkpoint/write-checkpoint.ts'
import { evaluateState } from './finish-update.ts'
import type { Run } from './run.ts'
import { checkpointName, type RunState } from './run-state.ts'
import type { TrainResult } from './train-options.ts'

/**
 * Loads what load_best_model_at_end or average_checkpoints asks for, adjusts the logits, evaluates what no evaluation has
 * seen, and says what the model holds now.
 */
export async function chooseFinalWeights(
  run: Run,
  state: RunState,
): Promise<{ weights: TrainResult['weights']; state: RunState }> {
  const weights = await loadChosen(run, state)
  const isAdjusted = adjustLogits(run)
  const isNew = isAdjusted || weights === 'average'
  return { weights, state: isNew ? await evaluateFinal(run, state) : state }
}

async function loadChosen(run: Run, state: RunState): Promise<TrainResult['weights']> {
  const { arguments: settings } = run.options
  if (settings.loadBestModelAtEnd) return await loadBest(run, state)
  return settings.averageCheckpoints > 0 ? await loadAverage(run, state) : 'last'
}

async function evaluateFinal(run: Run, state: RunState): Promise<RunState> {
  const scored = run.options.evaluation === undefined ? null : await evaluateState(run, state)
  if (scored === null) return state
  run.emit({ type: 'evaluated', evaluation: { ...scored, isBest: false } })
  return { ...state, log: [...state.log, scored.row] }
}

async function loadBest(run: Run, state: RunState): Promise<'best' | 'last'> {
  const path = await findWeights(run, state.bestCheckpointStep)
  if (path === null) {
    run.emit({ type: 'notice', message: 'No checkpoint holds the best weights: the last ones are kept' })
    return 'last'
  }
  if (state.bestStep !== state.bestCheckpointStep) {
    const message =
      `The best evaluation, after update ${state.bestStep}, has no checkpoint: the weights are those of ${path}. ` +
      'Saving as often as evaluating, or save_strategy best, avoids that'
    run.emit({ type: 'notice', message })
  }
  await run.options.model.load({ weights: await checkWeights(path) })
  if (run.options.arguments.saveTotalLimit === 1) await removeOthers(run, path)
  return 'best'
}

/**
 * The folder of this step's checkpoint: in the output folder, or beside the checkpoint that the run was resumed from.
 */
export async function findWeights(run: Run, step: number | null): Promise<string | null> {
  if (step === null) return null
  for (const folder of [run.options.output, run.origin]) {
    const path = join(folder, checkpointName(step))
    const isThere = await access(join(path, WEIGHTS_FILE)).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return null
}

/** With save_total_limit 1 the best alone stays when the run is over. */
async function removeOthers(run: Run, best: string): Promise<void> {
  for (const folder of await listCheckpoints(run.options.output)) {
    if (folder.path === best) continue
    await removeCheckpoint(run.options.output, folder)
    run.emit({ type: 'checkpoint removed', ...folder })
  }
}

async function loadAverage(run: Run, state: RunState): Promise<'average' | 'last'> {
  const { model, output, arguments: settings } = run.options
  const steps = state.savedSteps.slice(-settings.averageCheckpoints)
  if (steps.length < 2) {
    run.emit({
      type: 'notice',
      message: `There is no average of ${steps.length} checkpoints: the last weights are kept`,
    })
    return 'last'
  }
  const folder = averageFolder(output)
  const average = join(folder, WEIGHTS_FILE)
  try {
    await mkdir(folder, { recursive: true })
    await averageWeights(await findSources(run, steps), average).catch((error: unknown) => {
      throw error instanceof MlError ? error : writeFailure(average, error)
    })
    await model.load({ weights: average })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return 'average'
}

async function findSources(run: Run, steps: readonly number[]): Promise<string[]> {
  const sources: string[] = []
  for (const step of steps) {
    const path = await findWeights(run, step)
    if (path === null) {
      throw new MlError(
        'CHECKPOINT_INVALID',
        `average_checkpoints needs ${checkpointName(step)}, which isn't in ${run.options.output}`,
      )
    }
    sources.push(await checkWeights(path))
  }
  return sources
}
