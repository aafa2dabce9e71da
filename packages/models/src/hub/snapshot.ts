// A repository at one commit, in the cache: what it holds, and the files that are wanted of it.
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError, type ModelsErrorCode } from '../errors.ts'
import { onCache } from './cache-errors.ts'
import {
  blobPath,
  hasSize,
  linkBlob,
  listSnapshot,
  readRef,
  readTree,
  snapshotFolder,
  writeRef,
  writeTree,
} from './cache-folder.ts'
import { downloadBlob } from './download-blob.ts'
import type { HubClient } from './hub-client.ts'
import { askCommit, askFiles, blobName, pageOf, type RepositoryFile } from './list-files.ts'
import { cacheName, isCommit, type Repository, repositoryLabel, resolvePath } from './repository.ts'

export interface Snapshot {
  readonly repository: Repository
  readonly commit: string
  /** The repository's folder in the cache. */
  readonly folder: string
  /** What the commit holds; null where only the files that are in the cache can be known. */
  readonly files: readonly RepositoryFile[] | null
}

export interface HubProgress {
  /** The file that is under way. */
  readonly path: string
  /** Of all files that were missing together. */
  readonly bytes: number
  readonly total: number
}

export interface FetchOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: HubProgress) => void
}

/** The network's troubles, which an older copy in the cache may bridge. */
const BRIDGED: ReadonlySet<ModelsErrorCode> = new Set(['HUB_UNREACHABLE', 'HUB_RATE_LIMITED', 'HUB_RESPONSE_INVALID'])

/**
 * Finds the commit of a revision and what it holds. A commit that was opened before asks nothing; a branch or tag asks
 * for its commit once, and is what it was where the network can't be reached. Throws what `requestHub` throws.
 */
export async function openSnapshot(
  client: HubClient,
  repository: Repository,
  revision: string,
  options: FetchOptions = {},
): Promise<Snapshot> {
  const folder = join(client.settings.cache, cacheName(repository))
  const commit = await findCommit(client, repository, folder, revision, options)
  return { repository, commit, folder, files: await findFiles(client, repository, folder, commit, options) }
}

async function findCommit(
  client: HubClient,
  repository: Repository,
  folder: string,
  revision: string,
  { signal }: FetchOptions,
): Promise<string> {
  if (isCommit(revision)) return revision
  const cached = await readRef(folder, revision)
  if (client.settings.offline && cached !== null) return cached
  try {
    const options = { ...(signal === undefined ? {} : { signal }), ...(cached === null ? {} : { attempts: 1 }) }
    const commit = await askCommit(client, repository, revision, options)
    await remember(writeRef(folder, revision, commit))
    return commit
  } catch (error) {
    if (cached === null || !isBridged(error)) throw error
    const commit = cached.slice(0, 12)
    client.notify(`${error.message}; using commit ${commit} of ${repositoryLabel(repository)} from the cache`)
    return cached
  }
}

async function findFiles(
  client: HubClient,
  repository: Repository,
  folder: string,
  commit: string,
  { signal }: FetchOptions,
): Promise<RepositoryFile[] | null> {
  const cached = await readTree(folder, commit)
  if (cached !== null) return cached
  const isThere = (await listSnapshot(folder, commit)).length > 0
  if (isThere && client.settings.offline) return null
  try {
    const options = { ...(signal === undefined ? {} : { signal }), ...(isThere ? { attempts: 1 } : {}) }
    const files = await askFiles(client, repository, commit, options)
    await remember(writeTree(folder, commit, files))
    return files
  } catch (error) {
    if (!isThere || !isBridged(error)) throw error
    client.notify(`${error.message}; using what the cache has of ${repositoryLabel(repository)}`)
    return null
  }
}

/** A cache that may only be read serves as well; where something has to be fetched, it is told then. */
async function remember(writing: Promise<void>): Promise<void> {
  await writing.catch(() => {})
}

/** True for the network's troubles. */
export function isBridged(error: unknown): error is ModelsError {
  return error instanceof ModelsError && BRIDGED.has(error.code)
}

/** Names of the files that the commit holds, or of those in the cache where that isn't known. */
export async function snapshotNames({ files, folder, commit }: Snapshot): Promise<string[]> {
  return files === null ? await listSnapshot(folder, commit) : files.map(({ path }) => path)
}

/** Where a file of the snapshot lies once it is fetched. */
export function snapshotPath({ folder, commit }: Snapshot, path: string): string {
  return join(snapshotFolder(folder, commit), path)
}

/**
 * Puts the wanted files into the snapshot's folder, the smallest first, and downloads those that the cache lacks. Throws
 * DISK_FULL before anything is fetched that won't fit, HUB_NOT_FOUND for a file that the commit doesn't hold, and what
 * `downloadBlob` throws.
 */
export async function fetchFiles(
  client: HubClient,
  snapshot: Snapshot,
  paths: readonly string[],
  options: FetchOptions = {},
): Promise<void> {
  if (snapshot.files === null) return await checkPresent(snapshot, paths)
  const known = new Map(snapshot.files.map((file) => [file.path, file]))
  const wanted = paths.map((path) => known.get(path) ?? refuseMissing(snapshot, path))
  const absent = await filterAsync(
    wanted,
    async (file) => !(await hasSize(snapshotPath(snapshot, file.path), file.size)),
  )
  const contents = [...new Map(absent.map((file) => [blobName(file), file])).values()]
  const missing = await filterAsync(
    contents,
    async (file) => !(await hasSize(blobPath(snapshot.folder, file), file.size)),
  )
  await checkRoom(client, snapshot, missing)
  await download(client, snapshot, missing, options)
  for (const file of absent) await linkBlob(snapshot.folder, snapshot.commit, file, client.settings.symlinks)
}

async function download(
  client: HubClient,
  snapshot: Snapshot,
  missing: readonly RepositoryFile[],
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const { repository, commit, folder } = snapshot
  const total = sumSizes(missing)
  let before = 0
  for (const file of [...missing].sort((a, b) => a.size - b.size)) {
    const source = {
      url: resolvePath(repository, commit, file.path),
      file,
      what: `${file.path} of ${repositoryLabel(repository)}`,
      page: pageOf(client.settings.endpoint, repository),
    }
    const onBytes = (bytes: number): void => onProgress?.({ path: file.path, bytes: before + bytes, total })
    await downloadBlob(client, source, blobPath(folder, file), { ...(signal ? { signal } : {}), onBytes })
    before += file.size
  }
}

async function checkRoom(client: HubClient, snapshot: Snapshot, missing: readonly RepositoryFile[]): Promise<void> {
  const needed = sumSizes(missing)
  if (needed === 0 || client.settings.offline) return
  await onCache(snapshot.folder, () => mkdir(snapshot.folder, { recursive: true }))
  const free = await statfs(snapshot.folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  )
  if (needed <= free) return
  throw new ModelsError(
    'DISK_FULL',
    `${repositoryLabel(snapshot.repository)} needs ${needed} bytes in ${client.settings.cache}, which has ${free} left`,
  )
}

async function checkPresent(snapshot: Snapshot, paths: readonly string[]): Promise<void> {
  const present = new Set(await listSnapshot(snapshot.folder, snapshot.commit))
  for (const path of paths) if (!present.has(path)) refuseMissing(snapshot, path)
}

function refuseMissing({ repository, commit }: Snapshot, path: string): never {
  const at = `at commit ${commit.slice(0, 12)}`
  throw new ModelsError('HUB_NOT_FOUND', `${repositoryLabel(repository)} has no file ${path} ${at}`)
}

function sumSizes(files: readonly RepositoryFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

async function filterAsync<T>(items: readonly T[], isWanted: (item: T) => Promise<boolean>): Promise<T[]> {
  const wanted = await Promise.all(items.map(isWanted))
  return items.filter((_, index) => wanted[index])
}
