// Adds a model folder to a registry as a new version.
//
// The folder is staged, flushed and renamed into its place; only then does the log tell of it. A process that dies before
// that leaves a folder that is no version, which pruning removes; the log never names one that isn't there.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncPath } from '@renown/ml/durable-files'
import { hashRecords } from '../hash-file.ts'
import type { HubOrigin } from '../open-model-folder.ts'
import type { EventLog } from './event-log.ts'
import type { Signature } from './events.ts'
import { onRegistry } from './on-registry.ts'
import { findVersion } from './plan-move.ts'
import { isVersion } from './references.ts'
import { type RegistryPaths, versionPath } from './registry-paths.ts'
import type { RegistryState, VersionRecord } from './registry-state.ts'
import { type StagedVersion, stageVersion } from './stage-version.ts'

export interface AddRequest {
  readonly folder: string
  /** Instead of the manifest's. */
  readonly name?: string
  readonly origin?: HubOrigin
  readonly signature: Signature
}

export interface AddedVersion {
  readonly version: VersionRecord
  /** False where a version had the very same files already: that one is returned. */
  readonly isNew: boolean
}

export async function addVersion(paths: RegistryPaths, log: EventLog, request: AddRequest): Promise<AddedVersion> {
  const { folder, origin } = request
  const work = join(paths.staging, randomUUID())
  return await onRegistry(paths.root, async () => {
    try {
      // The data folder is its owner's alone, should it be made here.
      await mkdir(work, { recursive: true, mode: 0o700 })
      const staged = await stageVersion(paths, { folder, work, ...(origin === undefined ? {} : { origin }) })
      const same = findSame(await log.read(), staged)
      if (same !== null) return { version: same, isNew: false }
      const version = await publish(paths, staged, await log.read())
      return await record(paths, log, { ...request, staged, version })
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  })
}

function findSame({ versions }: RegistryState, { files }: StagedVersion): VersionRecord | null {
  const wanted = hashRecords(files)
  return [...versions.values()].find((known) => known.pruned === null && hashRecords(known.files) === wanted) ?? null
}

/** The first free number: no folder is ever renamed over one that is there, so two processes get two. */
async function publish(paths: RegistryPaths, staged: StagedVersion, state: RegistryState): Promise<string> {
  await mkdir(paths.versions, { recursive: true })
  for (;;) {
    const folders = await readdir(paths.versions)
    const numbers = [...folders, ...state.versions.keys()].filter(isVersion).map((name) => Number(name.slice(1)))
    const version = `v${Math.max(0, ...numbers) + 1}`
    const path = versionPath(paths, version)
    const problem = await rename(staged.path, path).then(
      () => null,
      (error: unknown) => error,
    )
    if (problem === null) {
      await syncPath(paths.versions)
      return version
    }
    // Systems name it differently that the place is taken.
    if (!(await readdir(paths.versions)).includes(version)) throw problem
  }
}

async function record(
  paths: RegistryPaths,
  log: EventLog,
  { staged, version, name, signature }: AddRequest & { readonly staged: StagedVersion; readonly version: string },
): Promise<AddedVersion> {
  const { manifest, hash, files } = staged
  try {
    const { event, state } = await log.append((state) => {
      if (findSame(state, staged) !== null) return null
      return { kind: 'added', version, name: name ?? manifest.name, modelVersion: manifest.version, hash, files }
    }, signature)
    const same = event === null ? findSame(state, staged) : null
    return { version: same ?? findVersion(state, version), isNew: same === null }
  } finally {
    await withdraw(paths, log, version)
  }
}

/** Takes the folder back where the log doesn't tell of it; it stays where the log can't be read. */
async function withdraw(paths: RegistryPaths, log: EventLog, version: string): Promise<void> {
  const state = await log.read().catch(() => null)
  if (state === null || state.versions.has(version)) return
  await rm(versionPath(paths, version), { recursive: true, force: true })
}
