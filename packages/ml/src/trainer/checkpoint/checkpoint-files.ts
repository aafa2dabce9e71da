// The small files of a checkpoint.
import { MlError } from '../../errors.ts'
import type { Run } from '../run.ts'
import { type RunState, trainerState } from '../run-state.ts'
import { CHECKPOINT_MANIFEST } from './checkpoint-folders.ts'
import { RECORD_FILE } from './read-checkpoint.ts'
import type { RunRecord } from './run-record.ts'
import { OPTIMIZER_FILE, WEIGHTS_FILE } from './write-checkpoint.ts'

const CONFIG_FILE = 'config.json'
export const STATE_FILE = 'trainer_state.json'
const OWN_FILES = [CHECKPOINT_MANIFEST, RECORD_FILE, STATE_FILE, WEIGHTS_FILE, OPTIMIZER_FILE]

export function checkpointFiles(run: Run, state: RunState): Record<string, string | Uint8Array> {
  const record: RunRecord = { ...run.record, state }
  return {
    [CONFIG_FILE]: formatJson(run.options.model.configJson),
    ...run.options.files,
    [STATE_FILE]: formatJson(trainerState(state, run.plan.steps, run.options.arguments)),
    [RECORD_FILE]: formatJson(record),
  }
}

/** @throws MlError TRAINING_INVALID on names that aren't plain, or that a checkpoint has already */
export function checkFileNames(names: readonly string[]): void {
  for (const name of names) {
    if (/^[\w.-]+$/.test(name) && !name.startsWith('.') && !OWN_FILES.includes(name)) continue
    throw new MlError(
      'TRAINING_INVALID',
      `A checkpoint can't carry a file of the name ${JSON.stringify(name.slice(0, 80))}`,
    )
  }
}

export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
