// Opens a model folder: reads its manifest and checks every file against its hash.
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { deriveManifest } from './derive-manifest.ts'
import { ModelsError } from './errors.ts'
import { hashFile, hashRecords } from './hash-file.ts'
import { findUnlisted } from './loader-files.ts'
import { CARD_FILE, type FileRecord, MANIFEST_FILE, type ModelManifest, parseManifest } from './manifest.ts'
import { renderModelCard } from './render-model-card.ts'

export interface ModelFolder {
  /** Absolute. */
  readonly path: string
  readonly manifest: ModelManifest
  /** SHA-256 over the names and hashes of the manifest's files: the same hash gives the same answers. */
  readonly hash: string
  /** README.md, or a card made from the manifest where there is none. */
  readonly card: string
  /** True where the folder has no renown.json and the manifest was made from its other files. */
  readonly derived: boolean
  /** The Hub repository and the commit that it was fetched from. */
  readonly origin?: HubOrigin
}

export interface HubOrigin {
  /** `owner/name` */
  readonly name: string
  /** The commit. */
  readonly revision: string
}

export interface OpenModelOptions {
  /** Compare the files with their hashes; on by default. */
  readonly verify?: boolean
  /** Where the folder comes from, if that is the Hub: it names a model that has no manifest. */
  readonly origin?: HubOrigin
}

/**
 * Throws MODEL_NOT_FOUND (no such folder), MANIFEST_INVALID, MODEL_FILE_MISSING, MODEL_FILE_OUTSIDE (a link that leaves
 * the folder), MODEL_FILE_UNLISTED (a tokenizer file that the manifest doesn't list), MODEL_HASH_MISMATCH.
 */
export async function openModelFolder(path: string, options: OpenModelOptions = {}): Promise<ModelFolder> {
  const folder = resolve(path)
  const present = await listFolder(folder)
  const derived = !present.includes(MANIFEST_FILE)
  const manifest = derived ? await deriveManifest(folder, options.origin?.name) : await readManifest(folder)
  if (!derived) await checkFiles(folder, manifest, present, options.verify ?? true)
  const card = present.includes(CARD_FILE) ? await readFile(join(folder, CARD_FILE), 'utf8') : renderModelCard(manifest)
  const { origin } = options
  return { path: folder, manifest, hash: hashRecords(manifest.files), card, derived, ...(origin ? { origin } : {}) }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'it is a file' : 'there is no such folder'
    throw new ModelsError('MODEL_NOT_FOUND', `"${folder}" is not a model folder: ${reason}`, { cause })
  }
}

/** Reads and validates renown.json. */
export async function readManifest(folder: string): Promise<ModelManifest> {
  return parseManifest(await readManifestJson(folder))
}

export async function readManifestJson(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ModelsError('MANIFEST_INVALID', `${MANIFEST_FILE}: expected JSON: ${(cause as Error).message}`, { cause })
  }
}

async function checkFiles(
  folder: string,
  manifest: ModelManifest,
  present: readonly string[],
  verify: boolean,
): Promise<void> {
  const unlisted = findUnlisted(present, manifest.files)
  if (unlisted.length > 0) {
    throw new ModelsError(
      'MODEL_FILE_UNLISTED',
      `${MANIFEST_FILE} doesn't list ${unlisted.join(', ')}, which a loader would read: remove it or export the model again`,
    )
  }
  const root = await realpath(folder)
  const entries = Object.entries(manifest.files)
  await Promise.all(entries.map(([name, record]) => checkFile(root, name, record, verify)))
}

async function checkFile(root: string, name: string, record: FileRecord, verify: boolean): Promise<void> {
  const path = await resolveInside(root, name)
  const info = await stat(path)
  if (!info.isFile()) throw new ModelsError('MODEL_FILE_MISSING', `${name}: expected a file, got something else`)
  if (info.size !== record.bytes) refuseHash(name, `${record.bytes} bytes`, `${info.size} bytes`)
  if (!verify) return
  const found = await hashFile(path)
  if (found.sha256 !== record.sha256) refuseHash(name, `SHA-256 ${record.sha256}`, found.sha256)
}

function refuseHash(name: string, expected: string, got: string): never {
  throw new ModelsError(
    'MODEL_HASH_MISMATCH',
    `${name} is not the file that ${MANIFEST_FILE} describes: expected ${expected}, got ${got}`,
  )
}

/** The real path of a listed file. Links may point inside the folder, or into the blobs of a Hugging Face cache. */
export async function resolveInside(root: string, name: string): Promise<string> {
  const path = await realpath(join(root, name)).catch((cause: unknown) => {
    throw new ModelsError('MODEL_FILE_MISSING', `${name} is listed in ${MANIFEST_FILE} and is not in the folder`, {
      cause,
    })
  })
  if (allowedRoots(root).some((allowed) => isInside(allowed, path))) return path
  throw new ModelsError('MODEL_FILE_OUTSIDE', `${name} is a link that leaves the model folder`)
}

/**
 * A Hugging Face cache keeps `snapshots/REVISION/file` as a link to `blobs/HASH` of the repository, which may be a link
 * to a blob that repositories share.
 */
function allowedRoots(root: string): readonly string[] {
  const repository = dirname(dirname(root))
  if (basename(dirname(root)) !== 'snapshots') return [root]
  return [root, join(repository, 'blobs'), join(dirname(repository), 'blobs')]
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path
}
