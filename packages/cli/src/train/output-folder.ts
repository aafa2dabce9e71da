// The state of a training's output folder, decided from its names before anything is loaded.
import { mkdir, readdir, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { lockOutput } from '@renown/ml'
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
  if (names.includes(MANIFEST_FILE)) return 'finished'
  return names.some((name) => CHECKPOINT.test(name)) ? 'begun' : 'foreign'
}

/**
 * Refuses a folder that holds something else, a training that nobody asked to go on with, or one that is going on.
 * Throws OUTPUT_REFUSED, and OUTPUT_LOCKED of the learning core.
 */
export async function checkOutput(
  output: string,
  { state, hasCheckpoints }: OutputFolder,
  { isResumed, dryRun }: { readonly isResumed: boolean; readonly dryRun: boolean },
): Promise<void> {
  if (state === 'foreign') {
    throw new CliError(
      'OUTPUT_REFUSED',
      `"${output}" is not empty, and holds no training: expected a new or empty folder`,
    )
  }
  if (state === 'finished') {
    const wish = isResumed ? 'there is nothing left to resume' : 'expected a new or empty folder'
    throw new CliError('OUTPUT_REFUSED', `"${output}" holds a finished model: ${wish}`)
  }
  if (state === 'begun' && hasCheckpoints && !isResumed) {
    throw new CliError(
      'OUTPUT_REFUSED',
      `"${output}" holds a training that is not finished: go on with --resume-from-checkpoint, or choose another folder`,
    )
  }
  if (state === 'begun' && !dryRun) await (await lockOutput(output)).release()
}

export interface Work {
  readonly path: string
  /** Takes the folders away that were made, if nothing is in them. */
  abandon(): Promise<void>
}

/** Makes the folder in which the command works, and marks the output as ours. */
export async function openWork(output: string): Promise<Work> {
  const path = workFolder(output)
  const made = await mkdir(path, { recursive: true }).catch((cause: Error) => {
    throw new CliError('OUTPUT_FAILED', `"${output}" can't be made: ${cause.message}`, { cause })
  })
  return {
    path,
    async abandon() {
      const names = await readdir(output).catch(() => [])
      if (made === undefined || names.some((name) => name !== WORK_FOLDER)) return
      for (let folder = path; folder.startsWith(resolve(made)); folder = dirname(folder)) {
        const isGone = await rmdir(folder).then(
          () => true,
          () => false,
        )
        if (!isGone) return
      }
    },
  }
}

export function workFolder(output: string): string {
  return join(resolve(output), WORK_FOLDER)
}
