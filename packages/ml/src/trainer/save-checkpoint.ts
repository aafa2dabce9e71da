// Saves the state of a run, and removes the checkpoints that are no longer wanted.
import { checkpointFiles } from './checkpoint/checkpoint-files.ts'
import { listCheckpoints, removeCheckpoint } from './checkpoint/checkpoint-folders.ts'
import { writeCheckpoint } from './checkpoint/write-checkpoint.ts'
import { planRetention } from './retention.ts'
import { type Run, secondsSoFar } from './run.ts'
import type { RunState } from './run-state.ts'

/**
 * Writes the checkpoint of the state's step. `isScheduled`: the save strategy asked for it, not an interruption.
 * @throws MlError CHECKPOINT_FAILED; the checkpoints before are untouched
 */
export async function saveCheckpoint(
  run: Run,
  before: RunState,
  { isScheduled }: { readonly isScheduled: boolean },
): Promise<RunState> {
  const { output, model } = run.options
  const { step, bestStep } = before
  const folders = await listCheckpoints(output)
  const holdsBest = bestStep !== null && (bestStep === step || folders.some((folder) => folder.step === bestStep))
  const state: RunState = {
    ...before,
    seconds: secondsSoFar(run),
    bestCheckpointStep: holdsBest ? bestStep : before.bestCheckpointStep,
    strayStep: isScheduled ? null : step,
    savedSteps: isScheduled ? [...before.savedSteps.filter((saved) => saved < step), step] : before.savedSteps,
  }
  const path = await writeCheckpoint(output, { step, model, files: checkpointFiles(run, state) })
  run.emit({ type: 'checkpoint saved', step, path })
  await removeUnwanted(run, state, before.strayStep)
  return state
}

async function removeUnwanted(run: Run, state: RunState, stray: number | null): Promise<void> {
  const { output, arguments: settings } = run.options
  const folders = await listCheckpoints(output)
  const steps = planRetention(
    settings,
    state,
    stray,
    folders.map(({ step }) => step),
  )
  for (const folder of folders.filter(({ step }) => steps.includes(step))) {
    await removeCheckpoint(output, folder)
    run.emit({ type: 'checkpoint removed', ...folder })
  }
}
