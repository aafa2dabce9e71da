// Removes versions that nobody needs, and what dead processes left behind.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventLog } from './event-log.ts'
import type { Signature } from './events.ts'
import { onRegistry } from './on-registry.ts'
import { type PruneRule, planPrune } from './plan-prune.ts'
import type { RegistryPaths } from './registry-paths.ts'
import type { RegistryState } from './registry-state.ts'

/** Longer than any copy takes: what is older and unknown to the log belongs to a process that died. */
const STALE_MS = 86_400_000

export interface PruneReport {
  readonly versions: readonly string[]
  /** Bytes of contents that no version has any more; those that are still open elsewhere are freed later. */
  readonly bytes: number
}

export interface PruneRequest {
  readonly rule: PruneRule
  readonly now: Date
  /** Versions that stay whatever the rule says. */
  readonly needed: readonly string[]
  readonly signature: Signature
}

/** The log first: what is half removed is no version any more, and the next pruning removes the rest. */
export async function pruneRegistry(
  paths: RegistryPaths,
  log: EventLog,
  { rule, now, needed, signature }: PruneRequest,
): Promise<PruneReport> {
  const { event } = await log.append((state) => {
    const versions = planPrune(state, rule, now, needed)
    return versions.length === 0 ? null : { kind: 'pruned', versions }
  }, signature)
  const bytes = await onRegistry(paths.root, async () => await sweep(paths, log, now))
  return { versions: event?.kind === 'pruned' ? event.versions : [], bytes }
}

async function sweep(paths: RegistryPaths, log: EventLog, now: Date): Promise<number> {
  for (const name of await namesIn(paths.versions)) {
    const record = (await log.read()).versions.get(name)
    const path = join(paths.versions, name)
    // Without an event it is one that is being added, or whose process died before it wrote one.
    const isGone = record === undefined ? await isStale(path, now) : record.pruned !== null
    if (isGone) await removeFolder(paths, path)
  }
  for (const name of await namesIn(paths.staging)) {
    const path = join(paths.staging, name)
    if (await isStale(path, now)) await rm(path, { recursive: true, force: true })
  }
  return await sweepBlobs(paths, await log.read())
}

/** Out of its place in one step, so that nothing half removed has the name of a version. */
async function removeFolder({ staging }: RegistryPaths, path: string): Promise<void> {
  await mkdir(staging, { recursive: true })
  const doomed = join(staging, randomUUID())
  // Another process may prune too.
  await rename(path, doomed).catch(ignoreGone)
  await rm(doomed, { recursive: true, force: true })
}

/** A version that is being added has links or copies of its blobs, or keeps them again: none is needed for it. */
async function sweepBlobs({ blobs }: RegistryPaths, { versions }: RegistryState): Promise<number> {
  const living = [...versions.values()].filter(({ pruned }) => pruned === null)
  const used = new Set(living.flatMap(({ files }) => Object.values(files).map(({ sha256 }) => sha256)))
  let bytes = 0
  for (const shelf of await namesIn(blobs)) {
    for (const name of await namesIn(join(blobs, shelf))) {
      if (used.has(name)) continue
      const path = join(blobs, shelf, name)
      bytes += (await stat(path).catch(ignoreGone))?.size ?? 0
      await rm(path, { recursive: true, force: true })
    }
  }
  return bytes
}

async function isStale(path: string, now: Date): Promise<boolean> {
  const info = await stat(path).catch(() => null)
  return info !== null && now.getTime() - info.mtimeMs > STALE_MS
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(ignoreGone)) ?? []
}

function ignoreGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
