// Writes a checkpoint whole or not at all.
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MlError } from '../../errors.ts'
import type { TrainableModel } from '../../training/trainable-model.ts'
import { checkpointName } from '../run-state.ts'
import { CHECKPOINT_MANIFEST, partialFolder, replacedFolder } from './checkpoint-folders.ts'
import { digestFile, type FileDigest, syncPath, writeDurably } from './durable-files.ts'

export interface CheckpointContent {
  readonly step: number
  readonly model: Pick<TrainableModel, 'saveWeights' | 'saveOptimizer'>
  /** Contents by name: the run's record, `trainer_state.json`, what goes with the model. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
}

/** Sizes and hashes of all other files. */
export interface CheckpointManifest {
  readonly step: number
  readonly files: Readonly<Record<string, FileDigest>>
}

export const WEIGHTS_FILE = 'model.safetensors'
export const OPTIMIZER_FILE = 'optimizer.safetensors'

/**
 * Writes `checkpoint-<step>` into the output folder: under a hidden name first, each file on disk, the list of hashes
 * last, then renamed. Takes the place of a checkpoint of the same step.
 * @returns its path
 * @throws MlError CHECKPOINT_FAILED; nothing half-written is left, and the checkpoints before are untouched
 */
export async function writeCheckpoint(output: string, content: CheckpointContent): Promise<string> {
  const partial = partialFolder(output, content.step)
  const path = join(output, checkpointName(content.step))
  try {
    await rm(partial, { recursive: true, force: true })
    await mkdir(partial, { recursive: true })
    await fillFolder(partial, content)
    await moveInPlace(output, partial, path, content.step)
    return path
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined)
    throw writeFailure(path, error)
  }
}

async function fillFolder(folder: string, { step, model, files }: CheckpointContent): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeDurably(join(folder, name), content)
  await model.saveWeights(join(folder, WEIGHTS_FILE))
  await model.saveOptimizer(join(folder, OPTIMIZER_FILE))
  const digests: Record<string, FileDigest> = {}
  for (const name of (await readdir(folder)).sort()) {
    await syncPath(join(folder, name))
    digests[name] = await digestFile(join(folder, name))
  }
  const manifest: CheckpointManifest = { step, files: digests }
  await writeDurably(join(folder, CHECKPOINT_MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
  await syncPath(folder)
}

async function moveInPlace(output: string, partial: string, path: string, step: number): Promise<void> {
  const replaced = replacedFolder(output, step)
  const hadOne = await rename(path, replaced).then(
    () => true,
    () => false,
  )
  await rename(partial, path)
  await syncPath(output)
  if (hadOne) await rm(replaced, { recursive: true, force: true })
}

export function writeFailure(path: string, error: unknown): MlError {
  return new MlError('CHECKPOINT_FAILED', `Cannot write ${path}: ${describeFailure(error)}`, { cause: error })
}

function describeFailure(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC') return 'the disk is full; what was saved before is whole: make room, then resume'
  if (code === 'EDQUOT') return 'the quota is used up; what was saved before is whole: make room, then resume'
  return error instanceof Error ? error.message : String(error)
}
