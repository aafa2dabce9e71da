// Makes a folder that appears whole or not at all, and says clearly what went wrong.
import { rm } from 'node:fs/promises'
import { ModelsError } from './errors.ts'
import { checkOutput, createTemporaryFolder, publishFolder } from './temporary-folder.ts'

export interface WholeFolderOptions {
  /** Replace what stands at the output, if that is a model folder. */
  readonly replace?: boolean
  readonly signal?: AbortSignal
}

/**
 * Calls `fill` with a hidden folder beside the output, and gives that its name when it is filled. Throws EXPORT_REFUSED
 * (the output is not empty), EXPORT_FAILED (disk full and the like), and what `fill` throws.
 */
export async function writeWholeFolder<T>(
  output: string,
  options: WholeFolderOptions,
  fill: (folder: string) => Promise<T>,
): Promise<T> {
  const replace = options.replace ?? false
  await checkOutput(output, replace)
  const folder = await createTemporaryFolder(output).catch((cause: unknown) => failWriting(output, cause))
  try {
    const result = await fill(folder)
    options.signal?.throwIfAborted()
    await publishFolder(folder, output, replace)
    return result
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    return failWriting(output, cause)
  }
}

/** System errors become ours; errors with a meaning of their own pass. */
export function failWriting(output: string, cause: unknown): never {
  const { code, syscall } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    throw new ModelsError('EXPORT_FAILED', `the disk is full: "${output}" was not written`, { cause })
  }
  if (syscall === undefined) throw cause
  throw new ModelsError('EXPORT_FAILED', `"${output}" could not be written: ${(cause as Error).message}`, { cause })
}
