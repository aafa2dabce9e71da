// What the disk refuses, as an error with a code.
import { ModelsError } from '../errors.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** DISK_FULL or HUB_CACHE_UNUSABLE for an error of the file system; any other as it is. */
export function toCacheError(cause: unknown, path: string): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException
  if (cause instanceof ModelsError || code === undefined || syscall === undefined) return cause
  if (FULL.has(code)) {
    return new ModelsError('DISK_FULL', `no room is left to write ${path} (${code}); what has arrived is kept`, {
      cause,
    })
  }
  return new ModelsError(
    'HUB_CACHE_UNUSABLE',
    `the cache of the Hub can't be used: ${path} (${code}); HF_HUB_CACHE names another folder`,
    { cause },
  )
}

/** Runs a step that works on the cache. */
export async function onCache<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    throw toCacheError(cause, path)
  }
}
