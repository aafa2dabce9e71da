// The checkpoints of an output folder, and what killed runs left beside them.
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkpointName } from '../run-state.ts'

/** Written last; a folder without it isn't a checkpoint. */
export const CHECKPOINT_MANIFEST = 'checkpoint.json'

export interface CheckpointFolder {
  readonly step: number
  readonly path: string
}

/** Checkpoint folders by their names, oldest step first; whether they are whole is another question. */
export async function listCheckpoints(output: string): Promise<CheckpointFolder[]> {
  const entries = await readdir(output, { withFileTypes: true }).catch(() => [])
  return entries
    .flatMap((entry) => {
      const step = /^checkpoint-(\d{1,15})$/.exec(entry.name)?.[1]
      return step && entry.isDirectory() ? [{ step: Number(step), path: join(output, entry.name) }] : []
    })
    .sort((a, b) => a.step - b.step)
}

export function partialFolder(output: string, step: number): string {
  return join(output, `.${checkpointName(step)}.partial`)
}

/** Where an average of checkpoints is made. */
export function averageFolder(output: string): string {
  return join(output, '.average.partial')
}

/** Where the old checkpoint of this step is while a new one takes its place. */
export function replacedFolder(output: string, step: number): string {
  return join(output, `.${checkpointName(step)}.replaced`)
}

/** Removes what runs that were killed left half done. The output folder must be locked. */
export async function cleanOutput(output: string): Promise<void> {
  const names: string[] = await readdir(output).catch(() => [])
  for (const name of names) {
    const path = join(output, name)
    const kept = /^\.(checkpoint-\d+)\.replaced$/.exec(name)?.[1]
    if (kept && !names.includes(kept)) await rename(path, join(output, kept))
    else if (kept || isLeftover(name)) {
      await rm(path, { recursive: true, force: true })
    }
  }
}

function isLeftover(name: string): boolean {
  return /^\.((checkpoint-\d+|average)\.(partial|removed)|\d+\.replacing|training\.lock\..+)$/.test(name)
}

/** Takes the folder away in one step, then its files: a half-removed checkpoint is never taken for one. */
export async function removeCheckpoint(output: string, { step, path }: CheckpointFolder): Promise<void> {
  const hidden = join(output, `.${checkpointName(step)}.removed`)
  await rm(hidden, { recursive: true, force: true })
  await rename(path, hidden)
  await rm(hidden, { recursive: true, force: true })
}
