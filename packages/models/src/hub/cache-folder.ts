// The cache that all of Hugging Face's tools share: refs, blobs and snapshots of each repository.
//
//   models--owner--name/refs/main              the commit that a branch had
//   models--owner--name/blobs/HASH             contents, by their hash
//   models--owner--name/snapshots/COMMIT/path  links to blobs
//   models--owner--name/trees/COMMIT.json      what the commit holds (huggingface_hub 2, `_tree_cache.py`)
import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { replaceFile } from '../replace-file.ts'
import { onCache } from './cache-errors.ts'
import { blobName, findFlaw, isPortable, type RepositoryFile, readFileRecord } from './list-files.ts'
import { isCommit } from './repository.ts'

const TREE_FORMAT = 1

export function blobPath(folder: string, file: RepositoryFile): string {
  return join(folder, 'blobs', blobName(file))
}

export function snapshotFolder(folder: string, commit: string): string {
  return join(folder, 'snapshots', commit)
}

/** The commit that a branch or tag had when it was last asked for, or null. */
export async function readRef(folder: string, revision: string): Promise<string | null> {
  const text = await readFile(join(folder, 'refs', revision), 'utf8').catch(() => '')
  return isCommit(text.trim()) ? text.trim() : null
}

export async function writeRef(folder: string, revision: string, commit: string): Promise<void> {
  if ((await readRef(folder, revision)) === commit) return
  await writeWhole(join(folder, 'refs', revision), commit)
}

/** What a commit holds, where that was asked for before, by whatever tool; null otherwise, or where it can't be trusted. */
export async function readTree(folder: string, commit: string): Promise<RepositoryFile[] | null> {
  const text = await readFile(treePath(folder, commit), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const { format_version: format, files } = JSON.parse(text) as Record<string, unknown>
    if (format !== TREE_FORMAT) return null
    const read = Object.entries(Object(files) as Record<string, unknown>).map(([path, entry]) => {
      const { size, blob_id: gitHash, lfs_sha256: sha256 = null } = Object(entry) as Record<string, unknown>
      return readFileRecord(path, { size, gitHash, sha256 })
    })
    const known = read.filter((file) => file !== null)
    const isSafe = known.length === read.length && known.every(({ path }) => findFlaw(path) === null)
    return isSafe ? known.filter(({ path }) => isPortable(path)) : null
  } catch {
    return null
  }
}

export async function writeTree(folder: string, commit: string, files: readonly RepositoryFile[]): Promise<void> {
  const entries = files.map(({ path, size, gitHash, sha256 }) => [
    path,
    { size, blob_id: gitHash, ...(sha256 === null ? {} : { lfs_sha256: sha256, lfs_size: size }) },
  ])
  const tree = { format_version: TREE_FORMAT, files: Object.fromEntries(entries) }
  await writeWhole(treePath(folder, commit), JSON.stringify(tree, null, 1))
}

function treePath(folder: string, commit: string): string {
  return join(folder, 'trees', `${commit}.json`)
}

async function writeWhole(path: string, text: string): Promise<void> {
  await onCache(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    await replaceFile(path, text)
  })
}

/** True where the path holds, or links to, a file of this size. */
export async function hasSize(path: string, size: number): Promise<boolean> {
  const info = await stat(path).catch(() => null)
  return info?.isFile() === true && info.size === size
}

/** Names of all files of a snapshot, also of one that other tools filled in part. */
export async function listSnapshot(folder: string, commit: string): Promise<string[]> {
  const root = snapshotFolder(folder, commit)
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
}

/** Makes the snapshot's file point at its blob, or copies the blob where links can't be made. */
export async function linkBlob(folder: string, commit: string, file: RepositoryFile, symlinks: boolean): Promise<void> {
  const path = join(snapshotFolder(folder, commit), file.path)
  const blob = blobPath(folder, file)
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  await onCache(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    try {
      if (!symlinks || !(await canLink(relative(dirname(path), blob), temporary))) await copyFile(blob, temporary)
      await rename(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
  })
}

/** Windows asks for rights, and some file systems have no links at all. */
async function canLink(target: string, path: string): Promise<boolean> {
  return await symlink(target, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOSPC' || error.code === 'EDQUOT') throw error
      return false
    },
  )
}
