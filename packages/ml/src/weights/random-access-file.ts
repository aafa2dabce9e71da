// A file that is read at given places, so that it is never in memory as a whole.
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { MlError } from '../errors.ts'

export interface RandomAccessFile {
  /** The file's own name, for messages. */
  readonly name: string
  readonly size: number
  /** Exactly these bytes, in memory of their own. Throws WEIGHTS_INVALID where the file ends before. */
  read(position: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Some systems read at most 2 GiB at once. */
const LARGEST_READ = 1 << 30

export async function openRandomAccess(path: string): Promise<RandomAccessFile> {
  const handle = await open(path, 'r')
  const name = basename(path)
  const status = await handle.stat()
  const { size } = status
  if (!status.isFile()) {
    await handle.close()
    throw new MlError('WEIGHTS_INVALID', `${name}: expected a file`)
  }
  return {
    name,
    size,
    async read(position, length) {
      if (position < 0 || length < 0 || position + length > size) {
        throw new MlError(
          'WEIGHTS_INVALID',
          `${name}: expected bytes up to ${position + length}, but it ends at ${size}`,
        )
      }
      const bytes = new Uint8Array(length)
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, LARGEST_READ), position + done)
        if (bytesRead === 0) throw new MlError('WEIGHTS_INVALID', `${name}: the file became shorter while it was read`)
        done += bytesRead
      }
      return bytes
    },
    close: () => handle.close(),
  }
}
