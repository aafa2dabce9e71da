// Which checkpoints go when a new one has been saved.
import type { TrainingArguments } from './arguments/training-arguments.ts'
import type { RunState } from './run-state.ts'

/**
 * Steps whose checkpoints go. The latest, the best and those that the average will need stay; of the others the oldest
 * go until save_total_limit is met (`rotate_checkpoints`). One that only an interruption asked for goes once there is a
 * later one.
 * @param stray its step
 * @param steps of the checkpoints in the folder, oldest first; those beyond the state's are of a run's other future
 */
export function planRetention(
  settings: TrainingArguments,
  state: RunState,
  stray: number | null,
  steps: readonly number[],
): number[] {
  const { averageCheckpoints, saveTotalLimit } = settings
  const present = steps.filter((step) => step <= state.step)
  const averaged = averageCheckpoints > 0 ? state.savedSteps.slice(-averageCheckpoints) : []
  const kept = new Set([present.at(-1), state.bestCheckpointStep, ...averaged])
  const others = present.filter((step) => !kept.has(step))
  const strays = others.filter((step) => step === stray)
  if (saveTotalLimit === null) return strays
  const rest = others.filter((step) => step !== stray)
  const excess = present.length - strays.length - saveTotalLimit
  return [...strays, ...rest.slice(0, Math.max(0, excess))].sort((a, b) => a - b)
}
