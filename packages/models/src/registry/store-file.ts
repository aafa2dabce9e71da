// Contents by their SHA-256, shared by the versions that have them.
import { constants } from 'node:fs'
import { chmod, copyFile, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncPath } from '@renown/ml/durable-files'
import { ModelsError } from '../errors.ts'
import { hashFile } from '../hash-file.ts'
import type { FileRecord } from '../manifest.ts'
import { blobPath, type RegistryPaths } from './registry-paths.ts'

export interface StoredFile {
  /** What it is called in the model folder. */
  readonly name: string
  readonly source: string
  readonly record: FileRecord
}

const WRITABLE = 0o644
const READ_ONLY = 0o444
const MOST_ATTEMPTS = 5

/**
 * Gives the staged folder a file: a hard link to the blob, or a copy where the file system has no links. The bytes that
 * are kept are hashed, not those of the source, which may change meanwhile. `stage` lies in a folder of its own, where
 * drafts are written. Throws MODEL_HASH_MISMATCH, REGISTRY_UNUSABLE.
 */
export async function storeFile(paths: RegistryPaths, stage: string, file: StoredFile): Promise<void> {
  const blob = blobPath(paths, file.record.sha256)
  const target = join(stage, file.name)
  await mkdir(dirname(target), { recursive: true })
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const isKept = await hashFile(blob).then(
      ({ sha256 }) => sha256 === file.record.sha256,
      () => false,
    )
    if (!isKept) await keepBlob(blob, join(dirname(stage), 'blob'), file)
    // Pruning may take a blob away until a version has it: then it is kept once more.
    if (await linkOrCopy(blob, target)) return await syncPath(dirname(target))
  }
  throw new ModelsError(
    'REGISTRY_UNUSABLE',
    `"${blob}" goes away again and again: expected it to stay while it is linked`,
  )
}

async function keepBlob(blob: string, draft: string, { name, source, record }: StoredFile): Promise<void> {
  try {
    await copyDurably(source, draft)
    const found = await hashFile(draft)
    if (found.sha256 !== record.sha256 || found.bytes !== record.bytes) {
      throw new ModelsError(
        'MODEL_HASH_MISMATCH',
        `${name} is not the file that the manifest describes: expected SHA-256 ${record.sha256}, got ${found.sha256}`,
      )
    }
    await mkdir(dirname(blob), { recursive: true })
    // One that has rotted; Windows renames nothing over a file that is read-only.
    await rm(blob, { force: true })
    await rename(draft, blob)
    await syncPath(dirname(blob))
  } finally {
    await rm(draft, { force: true })
  }
}

async function copyDurably(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await chmod(target, WRITABLE)
  const file = await open(target, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(target, READ_ONLY)
}

/** False where the blob has gone. */
async function linkOrCopy(blob: string, target: string): Promise<boolean> {
  try {
    await link(blob, target)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    if (code === 'EEXIST' || code === 'ENOSPC' || code === 'EDQUOT') throw error
  }
  return await copyDurably(blob, target).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}
