// Which folder of scorings is this process's: servers that share a data folder leave each other's alone.
import { mkdir, rmdir } from 'node:fs/promises'
import { type ProcessLock, takeProcessLock } from '@renown/ml/process-lock'

const BEAT_MS = 30_000
const MOST = 1000

export interface ClaimedFolder extends ProcessLock {
  readonly path: string
}

/** The first that no living process has: PATH, then PATH-2 and so on. What a process left there is found again. */
export async function claimFolder(first: string): Promise<ClaimedFolder> {
  for (let place = 1; place <= MOST; place++) {
    const path = place === 1 ? first : `${first}-${place}`
    await mkdir(path, { recursive: true, mode: 0o700 })
    const { lock } = await takeProcessLock(`${path}.lock`, { beatMs: BEAT_MS })
    if (lock !== null) return { path, release: () => leave(path, lock, place > 1) }
  }
  throw new Error(`${first}: expected fewer than ${MOST} servers on one data folder`)
}

/** A place beside the usual one that holds nothing goes, too. */
async function leave(path: string, lock: ProcessLock, isExtra: boolean): Promise<void> {
  if (isExtra) await rmdir(path).catch(() => undefined)
  await lock.release()
}
