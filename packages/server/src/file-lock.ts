// Small files that several processes change: written whole, one writer at a time.
import { randomBytes } from 'node:crypto'
import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from './errors.ts'

const STALE_MS = 10_000
const PATIENCE_MS = 5000

/** Temporary file, fsync, rename, fsync of the folder: a reader sees the old file or the new one, also after a crash. */
export async function writeFileWhole(path: string, content: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    await writeAndSync(file, content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

async function writeAndSync(file: FileHandle, content: string): Promise<void> {
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; the rename is durable there without it.
  const folder = await open(path, 'r').catch(() => null)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}

/** Runs `work` while PATH.lock is ours. A lock whose owner died is taken over. Returns null where it stays taken. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<{ value: T } | null> {
  const lock = `${path}.lock`
  const until = Date.now() + PATIENCE_MS
  while (!(await tryLock(lock))) {
    if (Date.now() > until) return null
    await sleep(20)
  }
  try {
    return { value: await work() }
  } finally {
    await rm(lock, { force: true })
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const held = await stat(lock).catch(() => null)
  if (held !== null && Date.now() - held.mtimeMs > STALE_MS) await breakLock(lock)
  return false
}

/** Renamed away first, so that of several who find it stale only one removes it; one that is fresh after all goes back. */
async function breakLock(lock: string): Promise<void> {
  const broken = `${lock}.${randomBytes(6).toString('hex')}`
  await rename(lock, broken).catch(() => undefined)
  const taken = await stat(broken).catch(() => null)
  if (taken !== null && Date.now() - taken.mtimeMs <= STALE_MS) await link(broken, lock).catch(() => undefined)
  await rm(broken, { force: true })
}
