// A file, or a part of one, piece by piece.
import { open } from 'node:fs/promises'

const CHUNK_BYTES = 1 << 20

/**
 * Ends early where the file does. Two buffers in turn, the disk fills one while the other is used: a chunk is good until the
 * next one is asked for.
 */
export async function* readChunks(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  const size = Math.max(1, Math.min(CHUNK_BYTES, end - start))
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const
  const read = (turn: number, position: number): ReturnType<typeof file.read<Buffer>> =>
    file.read(buffers[(turn & 1) as 0 | 1], 0, Math.min(size, end - position), position)
  let pending = read(0, start)
  try {
    for (let turn = 1, position = start; position < end; turn++) {
      const { bytesRead, buffer } = await pending
      if (bytesRead === 0) return
      position += bytesRead
      if (position < end) pending = read(turn, position)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await pending.catch(() => {})
    await file.close()
  }
}
