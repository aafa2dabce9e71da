// A lock file that one setup at a time holds, and that outlives no process: a dead holder's lock is taken over.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const HEARTBEAT_MS = 1000
const SILENT_MS = 30_000
const POLL_MS = 200

/**
 * @typedef {{ host: string, processes: { pid: number, started: string | null }[] }} Holder
 * @typedef {{ include(pid: number): void, release(): void }} Lock
 */

/**
 * Waits for the lock at `path` and takes it.
 * @param {string} path
 * @param {() => void} onWait called once if another process holds the lock
 * @returns {Promise<Lock>}
 */
export async function acquireLock(path, onWait) {
  mkdirSync(dirname(path), { recursive: true })
  /** @type {Holder} */
  const holder = { host: hostname(), processes: [identify(process.pid)] }
  for (let told = false; !tryCreate(path, holder); ) {
    if (removeIfStale(path)) continue
    if (!told) onWait()
    told = true
    await sleep(POLL_MS)
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS)
  heartbeat.unref()
  return {
    include(pid) {
      holder.processes.push(identify(pid))
      writeFileSync(path, JSON.stringify(holder))
    },
    release() {
      clearInterval(heartbeat)
      rmSync(path, { force: true })
    },
  }
}

/**
 * @param {string} path
 * @param {Holder} holder
 * @returns {boolean}
 */
function tryCreate(path, holder) {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Renames a dead holder's lock away, so that of several waiting processes one wins.
 * @param {string} path
 * @returns {boolean} true if the lock may be free now
 */
function removeIfStale(path) {
  const before = readLock(path)
  if (before === null) return true
  if (!isStale(before)) return false
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return true
  }
  const taken = readLock(aside)
  if (taken !== null && taken.text !== before.text) renameSync(aside, path)
  rmSync(aside, { force: true })
  return true
}

/** @typedef {{ text: string, touched: number }} LockFile */

/**
 * @param {string} path
 * @returns {LockFile | null}
 */
function readLock(path) {
  try {
    return { touched: statSync(path).mtimeMs, text: readFileSync(path, 'utf8') }
  } catch {
    return null
  }
}

/**
 * @param {LockFile} lock
 * @returns {boolean}
 */
function isStale(lock) {
  const silent = Date.now() - lock.touched > SILENT_MS
  const holder = parseHolder(lock.text)
  if (holder === null || holder.host !== hostname()) return silent
  return holder.processes.every(({ pid, started }) => {
    if (!isAlive(pid)) return true
    const now = startTime(pid)
    return started === null || now === null ? silent : now !== started
  })
}

/**
 * @param {string} text
 * @returns {Holder | null} null while the holder is still writing it
 */
function parseHolder(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** @param {number} pid */
function identify(pid) {
  return { pid, started: startTime(pid) }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/**
 * The kernel's start time of a process: tells a process from a later one with the same number.
 * @param {number} pid
 * @returns {string | null} null where /proc isn't there, or the process has ended
 */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

/** @param {string} path */
function touch(path) {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // Somebody removed the file; the work it guarded is still ours to finish.
  }
}

/**
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code
}
