// What the file system says of a registry, in our own errors.
import { ModelsError } from '../errors.ts'

/** Throws DISK_FULL and REGISTRY_UNUSABLE in place of errors of the system; others pass. */
export async function onRegistry<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const { code, syscall, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new ModelsError('DISK_FULL', `the disk is full: the registry in "${root}" is as it was`, { cause })
    }
    if (syscall === undefined) throw cause
    throw new ModelsError('REGISTRY_UNUSABLE', `the registry in "${root}" can't be read or written: ${message}`, {
      cause,
    })
  }
}
