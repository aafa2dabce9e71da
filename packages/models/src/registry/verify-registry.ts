// Whether a registry is whole: its log, every version, every content.
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { hashFile, hashRecords } from '../hash-file.ts'
import { type FileRecord, MANIFEST_FILE } from '../manifest.ts'
import { readManifest } from '../open-model-folder.ts'
import { hashEntry, readEntries } from './event-log.ts'
import { parseEvent } from './events.ts'
import { onRegistry } from './on-registry.ts'
import { type RegistryPaths, versionPath } from './registry-paths.ts'
import type { RegistryState, VersionRecord } from './registry-state.ts'

export interface RegistryVerification {
  readonly events: number
  readonly versions: number
  readonly blobs: number
  /** What is wrong, a sentence each; empty where the registry is whole. */
  readonly problems: readonly string[]
}

/** Reads every byte. Versions that are being added or removed meanwhile are left out. Throws what reading the log throws. */
export async function verifyRegistry(
  paths: RegistryPaths,
  state: RegistryState,
  signal?: AbortSignal,
): Promise<RegistryVerification> {
  const hash = rememberHashes(signal)
  return await onRegistry(paths.root, async () => {
    const living = [...state.versions.values()].filter(({ pruned }) => pruned === null)
    const problems = [...(await verifyChain(paths))]
    for (const record of living) problems.push(...(await verifyVersion(paths, record, hash)))
    const blobs = await filesUnder(paths.blobs)
    for (const path of blobs) {
      if ((await hash(path))?.sha256 !== basename(path)) problems.push(`the content "${path}" has another hash`)
    }
    return { events: state.events.length, versions: living.length, blobs: blobs.length, problems }
  })
}

/** The state was computed from the entries, so they follow one another; here each is the one that the next one knew. */
async function verifyChain(paths: RegistryPaths): Promise<readonly string[]> {
  const texts = await readEntries(paths)
  return texts.flatMap((text, index) => {
    const before = texts[index - 1]
    const { previous } = parseEvent(text, `event ${index + 1}`)
    return previous === (before === undefined ? null : hashEntry(before))
      ? []
      : [`event ${index} of the log was altered after event ${index + 1} was written`]
  })
}

type Hash = (path: string) => Promise<FileRecord | null>

async function verifyVersion(paths: RegistryPaths, record: VersionRecord, hash: Hash): Promise<readonly string[]> {
  const { version, files } = record
  const folder = versionPath(paths, version)
  const present = (await filesUnder(folder)).map((path) => relative(folder, path).split(sep).join('/'))
  const problems = present
    .filter((name) => !Object.hasOwn(files, name))
    .map((name) => `${version} has a new file ${name}`)
  for (const [name, expected] of Object.entries(files)) {
    const found = present.includes(name) ? await hash(join(folder, name)) : null
    if (found === null) problems.push(`${version} lacks ${name}`)
    else if (found.sha256 !== expected.sha256) problems.push(`${name} of ${version} was changed`)
  }
  if (problems.length > 0) return problems
  const manifest = await readManifest(folder).catch((error: Error) => error)
  if (manifest instanceof Error) return [`${MANIFEST_FILE} of ${version}: ${manifest.message}`]
  return hashRecords(manifest.files) === record.hash
    ? []
    : [`the log has another hash for ${version} than its manifest`]
}

/** A content that versions share is read once. Null for what can't be read. */
function rememberHashes(signal?: AbortSignal): Hash {
  const known = new Map<string, FileRecord | null>()
  return async (path) => {
    signal?.throwIfAborted()
    const info = await stat(path, { bigint: true }).catch(() => null)
    if (info === null || !info.isFile()) return null
    const key = info.ino === 0n ? path : `${info.dev}:${info.ino}`
    const seen = known.get(key)
    if (seen !== undefined) return seen
    const found = await hashFile(path).catch(() => null)
    known.set(key, found)
    return found
  }
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}
