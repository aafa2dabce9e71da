// Files that are on the disk when the call returns.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'w')
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file in one step: a reader sees the old content or the new one. */
export async function replaceDurably(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${process.pid}.replacing`)
  await writeDurably(temporary, content)
  await rename(temporary, path)
  await syncPath(dirname(path))
}

/** Makes the file's bytes, or the folder's names, survive a power cut. Windows has no such call for folders. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null)
  try {
    await handle?.sync().catch(() => undefined)
  } finally {
    await handle?.close()
  }
}

export interface FileDigest {
  readonly size: number
  readonly sha256: string
}

export async function digestFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
    size += (chunk as Buffer).length
  }
  return { size, sha256: hash.digest('hex') }
}
