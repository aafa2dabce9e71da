// The hash that a file of the Hub is known by, computed as its bytes arrive.
import { createHash } from 'node:crypto'
import { blobName, type RepositoryFile } from './list-files.ts'

export interface ContentHash {
  readonly update: (bytes: Uint8Array) => void
  /** True where the bytes so far are the file; no more may follow. */
  readonly matches: () => boolean
}

/** SHA-256 in large storage, git's SHA-1 (over `blob SIZE`, a zero byte and the content) otherwise. */
export function createContentHash(file: RepositoryFile): ContentHash {
  const hash = createHash(file.sha256 === null ? 'sha1' : 'sha256')
  if (file.sha256 === null) hash.update(`blob ${file.size}\0`)
  return { update: (bytes) => void hash.update(bytes), matches: () => hash.digest('hex') === blobName(file) }
}
