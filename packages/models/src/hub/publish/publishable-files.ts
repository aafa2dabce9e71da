// What of a model folder is published: the files of its manifest, the manifest, its signature and the card, checked before anything is sent.
import { createHash } from 'node:crypto'
import { access, lstat, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError } from '../../errors.ts'
import { hashFile } from '../../hash-file.ts'
import { CARD_FILE, MANIFEST_FILE, PROFILE_FILE, SIGNATURE_FILE } from '../../manifest.ts'
import { type ModelFolder, resolveInside } from '../../open-model-folder.ts'
import type { RepositoryFile } from '../list-files.ts'
import { checkCard } from './check-card.ts'
import { readChunks } from './file-stream.ts'

export interface LocalFile {
  /** In the folder and in the repository, with forward slashes. */
  readonly path: string
  /** Where it is on the disk. */
  readonly place: string
  readonly size: number
  readonly sha256: string
}

/**
 * Everything else in the folder stays where it is: checkpoints, logs, reports, which may quote posts. The folder must
 * have been opened with its hashes compared. Throws PUBLISH_REFUSED (no manifest, a link, a hidden file, a card that
 * doesn't agree with the manifest), MODEL_FILE_MISSING, MODEL_FILE_OUTSIDE.
 */
export async function listPublishable(folder: ModelFolder): Promise<LocalFile[]> {
  const { manifest, path, derived } = folder
  if (derived) {
    throw new ModelsError('PUBLISH_REFUSED', `"${path}" has no ${MANIFEST_FILE}: make a model folder with export first`)
  }
  const signature = (await isThere(join(path, SIGNATURE_FILE))) ? [SIGNATURE_FILE] : []
  const profile = manifest.profile === undefined ? [] : [PROFILE_FILE]
  const listed = [...Object.keys(manifest.files), MANIFEST_FILE, CARD_FILE, ...signature, ...profile]
  const names = [...new Set(listed)].sort()
  const places = await Promise.all(names.map((name) => placeOf(folder, name)))
  checkCard(manifest, folder.card)
  return await Promise.all(
    names.map(async (name, index) => {
      const place = places[index] as string
      const known = name === PROFILE_FILE ? manifest.profile : manifest.files[name]
      const { sha256, bytes } = known ?? (await hashFile(place))
      return { path: name, place, size: bytes, sha256 }
    }),
  )
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/** Links are followed only in a snapshot of the Hub's cache, which consists of them. */
async function placeOf({ path, origin }: ModelFolder, name: string): Promise<string> {
  const parts = name.split('/')
  if (parts.some((part) => part.startsWith('.'))) refuse(name, 'expected no hidden files or folders')
  if (origin !== undefined) return await resolveInside(await realpath(path), name)
  for (let depth = 1; depth <= parts.length; depth++) {
    const info = await lstat(join(path, ...parts.slice(0, depth))).catch(() => refuse(name, 'it is not in the folder'))
    if (info.isSymbolicLink()) refuse(name, 'expected a file, got a link')
    if (depth === parts.length && !info.isFile()) refuse(name, 'expected a file, got something else')
  }
  return join(path, name)
}

function refuse(name: string, why: string): never {
  throw new ModelsError('PUBLISH_REFUSED', `${name} can't be published: ${why}`)
}

/** True where the Hub's file has the content of ours. */
export async function isSameContent(local: LocalFile, remote: RepositoryFile): Promise<boolean> {
  if (remote.size !== local.size) return false
  return remote.sha256 === null ? (await gitHash(local)) === remote.gitHash : remote.sha256 === local.sha256
}

async function gitHash({ place, size }: LocalFile): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`)
  for await (const chunk of readChunks(place, 0, size)) hash.update(chunk)
  return hash.digest('hex')
}
