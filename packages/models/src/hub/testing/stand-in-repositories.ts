// What the stand-in for the Hub holds: repositories with commits, refs and files, in memory.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepositoryType } from '../repository.ts'

export interface StandInFile {
  readonly content: Buffer
  readonly size: number
  /** Git's SHA-1 of the content, or of the pointer for a file in large storage. */
  readonly gitHash: string
  /** SHA-256 of a file in large storage. */
  readonly sha256: string | null
}

export type StandInFiles = ReadonlyMap<string, StandInFile>

export interface StandInRepository {
  readonly type: RepositoryType
  readonly name: string
  /** Nobody without the token knows of it. */
  readonly isPrivate: boolean
  /** Contents want a token whose owner has accepted the terms. */
  readonly isGated: boolean
  /** Branches, `refs/convert/parquet` among them. */
  readonly refs: Map<string, string>
  readonly tags: Map<string, string>
  readonly commits: Map<string, StandInFiles>
  readonly log: { readonly id: string; readonly parent: string | null; readonly title: string }[]
}

export type NewFiles = Readonly<Record<string, string | Uint8Array>>

const LARGEST_REGULAR = 10_000_000
const LARGE = /\.(bin|safetensors|onnx|parquet|h5|msgpack)$/

export function toStandInFiles(files: NewFiles): Map<string, StandInFile> {
  return new Map(
    Object.entries(files).map(([path, content]) => [path, toFile(path, Buffer.from(content as Uint8Array))]),
  )
}

function toFile(path: string, content: Buffer): StandInFile {
  if (!isLargePath(path, content.byteLength)) return toRegularFile(content)
  return toLargeFile(content, createHash('sha256').update(content).digest('hex'))
}

/** What goes to large storage, as the Hub decides it: by name or by size. */
export function isLargePath(path: string, size: number): boolean {
  return LARGE.test(path) || size > LARGEST_REGULAR
}

export function toRegularFile(content: Buffer): StandInFile {
  return { content, size: content.byteLength, gitHash: gitHash(content), sha256: null }
}

export function toLargeFile(content: Buffer, sha256: string): StandInFile {
  const size = content.byteLength
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`
  return { content, size, gitHash: gitHash(Buffer.from(pointer)), sha256 }
}

export function gitHash(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex')
}

/** A commit is named by what it holds and by what came before, so that tests repeat. */
export function commitFiles(repository: StandInRepository, ref: string, files: StandInFiles, title = ''): string {
  const hash = createHash('sha1').update(`${repository.type} ${repository.name} ${ref} ${repository.commits.size}`)
  for (const [path, file] of files) hash.update(`${path} ${file.gitHash} ${file.sha256}\n`)
  const commit = hash.digest('hex')
  repository.commits.set(commit, files)
  repository.log.push({ id: commit, parent: repository.refs.get(ref) ?? null, title })
  repository.refs.set(ref, commit)
  return commit
}

/** The files of a folder, by their paths in it. */
export async function readFolder(folder: string, names?: readonly string[]): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .filter((path) => names === undefined || names.includes(path))
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))])))
}
