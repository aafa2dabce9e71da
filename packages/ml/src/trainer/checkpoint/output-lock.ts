// One training for each output folder.
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { MlError } from '../../errors.ts'
import { writeDurably } from './durable-files.ts'

const LOCK_FILE = '.training.lock'

export interface OutputLock {
  release(): Promise<void>
}

interface Owner {
  readonly pid: number
  readonly host: string
  /** Tells a process from a later one of the same number; null where the system doesn't say. */
  readonly started: string | null
}

/**
 * Makes the folder where it isn't there and locks it. The lock of a process that died is taken over.
 * @throws MlError OUTPUT_LOCKED where another training holds it
 */
export async function lockOutput(output: string): Promise<OutputLock> {
  await mkdir(output, { recursive: true })
  const path = join(output, LOCK_FILE)
  const owner: Owner = { pid: process.pid, host: hostname(), started: await readStart(process.pid) }
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await takeLock(path, owner)) return { release: () => rm(path, { force: true }) }
    const holder = await readOwner(path)
    if (holder && (await isAlive(holder))) throw locked(output, holder)
    await clearStaleLock(path, holder)
  }
  throw locked(output, await readOwner(path))
}

/** A link appears with its content or not at all, and only where nothing stands. */
async function takeLock(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeDurably(draft, JSON.stringify(owner))
    await link(draft, path)
    return true
  } catch (error) {
    // Taken; or the one who has it has just cleaned up, the draft too.
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Moves the lock away before it deletes it, and puts it back where another has taken the stale one over meanwhile. */
async function clearStaleLock(path: string, holder: Owner | undefined): Promise<void> {
  const stale = `${path}.${randomUUID()}`
  const moved = await rename(path, stale).then(
    () => true,
    () => false,
  )
  if (!moved) return
  const found = await readOwner(stale)
  if (JSON.stringify(found) === JSON.stringify(holder)) await rm(stale, { force: true })
  else await rename(stale, path)
}

/** Undefined for a lock whose writer died before it wrote. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner> | null
    const isSound = typeof owner?.pid === 'number' && typeof owner.host === 'string'
    return isSound ? { pid: owner.pid!, host: owner.host!, started: owner.started ?? null } : undefined
  } catch {
    return undefined
  }
}

/** On another machine it can't be known: such a lock holds. */
async function isAlive({ pid, host, started }: Owner): Promise<boolean> {
  if (host !== hostname()) return true
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

function locked(output: string, holder: Owner | undefined): MlError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process'
  return new MlError(
    'OUTPUT_LOCKED',
    `${output} is in use by another training (${who}): wait for it, or choose another folder. ` +
      `If there is none, remove ${LOCK_FILE} in it.`,
  )
}
