// One training for each output folder.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MlError } from '../../errors.ts'
import { type LockHolder, type ProcessLock, takeProcessLock } from '../../process-lock.ts'

const LOCK_FILE = '.training.lock'

export type OutputLock = ProcessLock

/**
 * Makes the folder where it isn't there and locks it. The lock of a process that died is taken over; on another machine
 * that can't be known, and the lock holds.
 * @throws MlError OUTPUT_LOCKED where another training holds it
 */
export async function lockOutput(output: string): Promise<OutputLock> {
  await mkdir(output, { recursive: true })
  const attempt = await takeProcessLock(join(output, LOCK_FILE))
  if (attempt.lock !== null) return attempt.lock
  throw locked(output, attempt.holder)
}

function locked(output: string, holder: LockHolder | undefined): MlError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process'
  return new MlError(
    'OUTPUT_LOCKED',
    `${output} is in use by another training (${who}): wait for it, or choose another folder. ` +
      `If there is none, remove ${LOCK_FILE} in it.`,
  )
}
