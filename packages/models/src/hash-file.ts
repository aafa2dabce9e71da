// SHA-256 of files, streamed, several at a time.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { FileRecord } from './manifest.ts'

const CHUNK_BYTES = 1 << 20

/** Hash and size of one file, in one pass, without holding it in memory. */
export async function hashFile(path: string): Promise<FileRecord> {
  const file = await open(path, 'r')
  try {
    return await hashHandle(file)
  } finally {
    await file.close()
  }
}

/** Two buffers in turn: the disk fills one while the other is hashed. */
async function hashHandle(file: FileHandle): Promise<FileRecord> {
  const hash = createHash('sha256')
  const size = Math.min(CHUNK_BYTES, Math.max(1, (await file.stat()).size + 1))
  const buffers = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)] as const
  let bytes = 0
  let pending = file.read(buffers[0], 0, size, 0)
  for (let turn = 1; ; turn++) {
    const { bytesRead, buffer } = await pending
    if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes }
    bytes += bytesRead
    pending = file.read(buffers[(turn & 1) as 0 | 1], 0, size, bytes)
    hash.update(buffer.subarray(0, bytesRead))
  }
}

/** One hash for a set of files: over their sorted names and hashes. */
export function hashRecords(files: Readonly<Record<string, FileRecord>>): string {
  const hash = createHash('sha256')
  const names = Object.keys(files).sort()
  for (const name of names) hash.update(`${files[name]?.sha256}  ${name}\n`)
  return hash.digest('hex')
}
