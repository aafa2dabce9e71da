// A lock that one process holds, as a file: that of a process that died is taken over.
import { randomUUID } from 'node:crypto'
import { constants, copyFile, link, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { writeDurably } from './trainer/checkpoint/durable-files.ts'

export interface ProcessLock {
  release(): Promise<void>
}

export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** Tells a process from a later one of the same number; null where the system doesn't say. */
  readonly started: string | null
}

export interface LockOptions {
  /** How often the holder says that it lives. Without it, a holder on another machine is taken to live for ever. */
  readonly beatMs?: number
}

export type LockAttempt =
  | { readonly lock: ProcessLock }
  /** Undefined where it can't be told who. */
  | { readonly lock: null; readonly holder: LockHolder | undefined }

/** A holder on another machine is dead after so many beats that weren't heard. */
const MISSED_BEATS = 5

/** The folder of the file must be there. */
export async function takeProcessLock(path: string, options: LockOptions = {}): Promise<LockAttempt> {
  const own: LockHolder = { pid: process.pid, host: hostname(), started: await readStart(process.pid) }
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await takeLock(path, own)) return { lock: keepLock(path, options) }
    const holder = await readHolder(path)
    if (holder && (await isAlive(path, holder, options))) return { lock: null, holder }
    await clearStaleLock(path, holder)
  }
  return { lock: null, holder: await readHolder(path) }
}

function keepLock(path: string, { beatMs }: LockOptions): ProcessLock {
  const beat = (): void => void utimes(path, new Date(), new Date()).catch(() => undefined)
  const timer = beatMs === undefined ? undefined : setInterval(beat, beatMs).unref()
  return {
    async release() {
      clearInterval(timer)
      await rm(path, { force: true })
    },
  }
}

/** A link appears with its content or not at all, and only where nothing stands. */
async function takeLock(path: string, owner: LockHolder): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeDurably(draft, JSON.stringify(owner))
    await placeLock(draft, path)
    return true
  } catch (error) {
    // Taken; or the one who has it has just cleaned up, the draft too.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Some file systems have no links: there the lock is there before its content is, and counts as nobody's so long. */
async function placeLock(draft: string, path: string): Promise<void> {
  await link(draft, path).catch(async (error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code ?? '')) throw error
    await copyFile(draft, path, constants.COPYFILE_EXCL)
  })
}

/** Moves the lock away before it deletes it, and puts it back where another has taken the stale one over meanwhile. */
async function clearStaleLock(path: string, holder: LockHolder | undefined): Promise<void> {
  const stale = `${path}.${randomUUID()}`
  const moved = await rename(path, stale).then(
    () => true,
    () => false,
  )
  if (!moved) return
  const found = await readHolder(stale)
  if (JSON.stringify(found) === JSON.stringify(holder)) await rm(stale, { force: true })
  else await rename(stale, path)
}

/** Undefined for a lock whose writer died before it wrote. */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<LockHolder> | null
    const isSound = typeof owner?.pid === 'number' && typeof owner.host === 'string'
    return isSound ? { pid: owner.pid!, host: owner.host!, started: owner.started ?? null } : undefined
  } catch {
    return undefined
  }
}

async function isAlive(path: string, { pid, host, started }: LockHolder, { beatMs }: LockOptions): Promise<boolean> {
  if (host !== hostname()) return beatMs === undefined || (await ageOf(path)) < MISSED_BEATS * beatMs
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const now = await readStart(pid)
  return started === null || now === null || started === now
}

/** Boot and start time of a process, where /proc has them: its number may have belonged to another before. */
async function readStart(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // Field 22, counted from after the command's name, which may hold spaces (proc(5)).
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks ? `${boot.trim()}:${ticks}` : null
  } catch {
    return null
  }
}

async function ageOf(path: string): Promise<number> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }))
  return Date.now() - mtimeMs
}
