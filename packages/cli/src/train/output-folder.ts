// The state of a training's output folder, decided from its names before anything is loaded.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST_FILE } from '@renown/models'
import { CliError } from '../errors.ts'

/** What the command keeps while it works; its presence says that the folder is ours and not finished. */
export const WORK_FOLDER = '.training'
const CHECKPOINT = /^checkpoint-\d+$/

export type OutputState =
  /** Absent or empty. */
  | 'new'
  /** Ours, and not finished; with or without checkpoints. */
  | 'begun'
  | 'finished'
  | 'foreign'

export interface OutputFolder {
  readonly state: OutputState
  readonly hasCheckpoints: boolean
}

/** Throws OUTPUT_REFUSED where it is no folder. */
export async function inspectOutput(output: string): Promise<OutputFolder> {
  const names = await readdir(output).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw new CliError('OUTPUT_REFUSED', `"${output}" can't be the output: expected a folder (${cause.code})`, {
      cause,
    })
  })
  return { state: stateOf(names), hasCheckpoints: names.some((name) => CHECKPOINT.test(name)) }
}

function stateOf(names: readonly string[]): OutputState {
  if (names.length === 0) return 'new'
  if (names.includes(WORK_FOLDER)) return 'begun'
  return names.includes(MANIFEST_FILE) ? 'finished' : 'foreign'
}

/** Refuses a folder that holds something else, or a training that nobody asked to go on with. */
export function checkOutput(output: string, { state, hasCheckpoints }: OutputFolder, resume: boolean): void {
  if (state === 'foreign') {
    throw new CliError(
      'OUTPUT_REFUSED',
      `"${output}" is not empty, and holds no training: expected a new or empty folder`,
    )
  }
  if (state === 'finished') {
    const wish = resume ? 'there is nothing left to resume' : 'expected a new or empty folder'
    throw new CliError('OUTPUT_REFUSED', `"${output}" holds a finished model: ${wish}`)
  }
  if (state === 'begun' && hasCheckpoints && !resume) {
    throw new CliError(
      'OUTPUT_REFUSED',
      `"${output}" holds a training that is not finished: go on with --resume-from-checkpoint, or choose another folder`,
    )
  }
}

export function workFolder(output: string): string {
  return join(output, WORK_FOLDER)
}
