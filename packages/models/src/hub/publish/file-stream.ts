// A file, or a part of one, piece by piece.
import { open } from 'node:fs/promises'

const CHUNK_BYTES = 1 << 20

/** Ends early where the file does. */
export async function* readChunks(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    for (let position = start; position < end; ) {
      const wanted = Math.min(CHUNK_BYTES, end - position)
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
