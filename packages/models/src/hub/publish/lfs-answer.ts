// What a Git LFS batch says of a file: stored already, to be sent whole, or in parts (the Hub's `multipart`).
import { ModelsError } from '../../errors.ts'
import type { LocalFile } from './publishable-files.ts'
import { refuseAnswer } from './remote-repository.ts'

export interface UploadAction {
  /** Where the file goes, or where its parts are joined. */
  readonly href: string
  /** Where each part goes; null where the file goes whole. */
  readonly parts: readonly string[] | null
  readonly partBytes: number
  /** Told once the file is there, where the server wants that. */
  readonly verify: string | null
}

/** Null for a file that is stored. Throws HUB_RESPONSE_INVALID. */
export function readUploadAction(objects: readonly unknown[], file: LocalFile, endpoint: string): UploadAction | null {
  const found = objects.map((entry) => Object(entry) as Record<string, unknown>).find(({ oid }) => oid === file.sha256)
  if (found === undefined) refuseAnswer(file.path, 'its place in the storage')
  if (found.error !== undefined) {
    const { code } = Object(found.error) as { code?: unknown }
    throw new ModelsError('HUB_RESPONSE_INVALID', `the Hub's storage refuses ${file.path} (${Number(code)})`)
  }
  const { upload, verify } = Object(found.actions) as Record<string, unknown>
  if (upload === undefined) return null
  const { href, header } = Object(upload) as Record<string, unknown>
  const told = (Object(verify) as { href?: unknown }).href
  return {
    href: readAddress(href, file, endpoint),
    ...readParts(Object(header) as Record<string, unknown>, file, endpoint),
    verify: told === undefined ? null : readAddress(told, file, endpoint),
  }
}

function readParts(
  header: Record<string, unknown>,
  file: LocalFile,
  endpoint: string,
): Pick<UploadAction, 'parts' | 'partBytes'> {
  if (header.chunk_size === undefined) return { parts: null, partBytes: file.size }
  const partBytes = Number(header.chunk_size)
  const numbers = Object.keys(header).filter((key) => /^\d+$/.test(key))
  const inOrder = numbers.sort((a, b) => Number(a) - Number(b))
  const isWhole =
    Number.isSafeInteger(partBytes) && partBytes > 0 && numbers.length === Math.ceil(file.size / partBytes)
  if (!isWhole || inOrder.some((key, index) => Number(key) !== index + 1))
    refuseAnswer(file.path, 'a place for each part')
  return { parts: inOrder.map((key) => readAddress(header[key], file, endpoint)), partBytes }
}

/** Relative to the endpoint; never less safe than it. */
function readAddress(href: unknown, file: LocalFile, endpoint: string): string {
  const url = typeof href === 'string' && URL.canParse(href, endpoint) ? new URL(href, endpoint) : null
  if (url === null || !(url.protocol === 'https:' || url.protocol === new URL(endpoint).protocol)) {
    refuseAnswer(file.path, 'an address to send it to')
  }
  return url.href
}
