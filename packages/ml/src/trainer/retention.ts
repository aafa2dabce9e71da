// Which checkpoints go when a new one has been saved.
import type { TrainingArguments } from './arguments/training-arguments.ts'
import type { RunState } from './run-state.ts'

/**
 * Steps whose checkpoints go. The latest, the best and those that the average will need stay; of the others the oldest go
 * until save_total_limit is met (`rotate_checkpoints`). One that only an interruption asked for goes once it isn't the latest.
 * @param steps of the checkpoints in the folder, oldest first; steps beyond the state's are of an earlier run's future
 */
export function planRetention(settings: TrainingArguments, state: RunState, steps: readonly number[]): number[] {
  const { averageCheckpoints, saveTotalLimit } = settings
  const present = steps.filter((step) => step <= state.step)
  const averaged = averageCheckpoints > 0 ? state.savedSteps.slice(-averageCheckpoints) : []
  const kept = new Set([present.at(-1), state.bestCheckpointStep, ...averaged])
  const others = present.filter((step) => !kept.has(step))
  const unscheduled = others.filter((step) => !state.savedSteps.includes(step))
  const scheduled = others.filter((step) => state.savedSteps.includes(step))
  if (saveTotalLimit === null) return unscheduled
  const remaining = present.length - unscheduled.length
  const excess = Math.max(0, remaining - Math.max(saveTotalLimit, remaining - scheduled.length))
  return [...unscheduled, ...scheduled.slice(0, excess)].sort((a, b) => a - b)
}
