// Large files into the Hub's storage, by Git LFS: only what it lacks, from the disk, again where it was cut.
import { ModelsError } from '../../errors.ts'
import { hashFile } from '../../hash-file.ts'
import type { HubRequest } from '../exchange.ts'
import type { HubClient } from '../hub-client.ts'
import { readJsonAnswer } from '../read-json.ts'
import type { Repository } from '../repository.ts'
import { requestHub, retryHub } from '../request-hub.ts'
import { RetryableError } from '../retry.ts'
import type { HubProgress } from '../snapshot.ts'
import { readChunks } from './file-stream.ts'
import { readUploadAction, type UploadAction } from './lfs-answer.ts'
import type { LocalFile } from './publishable-files.ts'
import { BRANCH, jsonBody, refuseAnswer, toRequest } from './remote-repository.ts'

const LFS_JSON = 'application/vnd.git-lfs+json'
const BATCH_FILES = 100
/** What storage answers where an address has expired, parts are gone, or the content isn't what was announced. */
const REFUSED = [400, 403, 404, 409, 410, 412, 422]

export interface UploadContext {
  readonly client: HubClient
  readonly repository: Repository
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: HubProgress) => void
}

/**
 * Uploads what the storage doesn't have yet. An address that has expired is asked for anew. Throws MODEL_HASH_MISMATCH
 * (a file has changed meanwhile), HUB_RESPONSE_INVALID, and what `requestHub` throws.
 */
export async function uploadLarge(context: UploadContext, files: readonly LocalFile[]): Promise<void> {
  const contents = [...new Map(files.map((file) => [file.sha256, file])).values()]
  const total = contents.reduce((sum, { size }) => sum + size, 0)
  const done = new Set<string>()
  let before = 0
  let counted = 0
  const onBytes = ({ path }: LocalFile, bytes: number): void =>
    context.onProgress?.({ path, bytes: before + bytes, total })
  const hasProgressed = (): boolean => {
    const isFurther = done.size > counted
    counted = done.size
    return isFurther
  }
  const send = async (): Promise<void> => {
    const missing = contents.filter(({ sha256 }) => !done.has(sha256)).slice(0, BATCH_FILES)
    for (const { file, action } of await askBatch(context, missing)) {
      if (action !== null) await sendFile(context, file, action, (bytes) => onBytes(file, bytes))
      done.add(file.sha256)
      before += file.size
    }
  }
  while (done.size < contents.length) await retryHub(context.client, send, { ...signalOf(context), hasProgressed })
}

function signalOf({ signal }: UploadContext): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

interface BatchEntry {
  readonly file: LocalFile
  /** Null for what is stored already. */
  readonly action: UploadAction | null
}

async function askBatch(context: UploadContext, files: readonly LocalFile[]): Promise<BatchEntry[]> {
  const { client, repository } = context
  const body = jsonBody(
    {
      operation: 'upload',
      transfers: ['basic', 'multipart'],
      hash_algo: 'sha256',
      ref: { name: BRANCH },
      objects: files.map(({ sha256, size }) => ({ oid: sha256, size })),
    },
    LFS_JSON,
  )
  const url = `/${repository.name}.git/info/lfs/objects/batch`
  const request = { ...toRequest(client, repository, url, 'and its large files'), ...body }
  const headers = { ...body.headers, accept: LFS_JSON }
  const answer = await requestHub(
    client,
    () => ({ ...request, headers }),
    (given) => readJsonAnswer(given, request.what),
    signalOf(context),
  )
  const { objects } = Object(answer) as { objects?: unknown }
  if (!Array.isArray(objects)) refuseAnswer(request.what, 'a list of objects')
  return files.map((file) => ({ file, action: readUploadAction(objects, file, client.settings.endpoint) }))
}

async function sendFile(
  context: UploadContext,
  file: LocalFile,
  action: UploadAction,
  onBytes: (bytes: number) => void,
): Promise<void> {
  if (action.parts === null) await sendBytes(context, file, { href: action.href, start: 0, end: file.size, onBytes })
  else await sendParts(context, file, { ...action, parts: action.parts }, onBytes)
  if (action.verify !== null) {
    const body = jsonBody({ oid: file.sha256, size: file.size }, LFS_JSON)
    await sendToStorage(context, file, { ...body, url: action.verify })
  }
}

async function sendParts(
  context: UploadContext,
  file: LocalFile,
  { href, parts, partBytes }: UploadAction & { readonly parts: readonly string[] },
  onBytes: (bytes: number) => void,
): Promise<void> {
  const etags: { readonly partNumber: number; readonly etag: string }[] = []
  for (const [index, part] of parts.entries()) {
    const start = index * partBytes
    const end = Math.min(file.size, start + partBytes)
    const etag = await sendBytes(context, file, {
      href: part,
      start,
      end,
      onBytes: (bytes) => onBytes(start + bytes),
    })
    if (etag === null) refuseAnswer(`part ${index + 1} of ${file.path}`, 'its ETag')
    etags.push({ partNumber: index + 1, etag })
  }
  const body = jsonBody({ oid: file.sha256, parts: etags }, LFS_JSON)
  await sendToStorage(context, file, { ...body, url: href, isAnonymous: true })
}

/** Returns the ETag. */
async function sendBytes(
  context: UploadContext,
  file: LocalFile,
  part: {
    readonly href: string
    readonly start: number
    readonly end: number
    readonly onBytes: (bytes: number) => void
  },
): Promise<string | null> {
  const { href: url, start, end, onBytes } = part
  async function* open(touch: () => void): AsyncGenerator<Uint8Array> {
    let sent = 0
    for await (const chunk of readPart(file, start, end)) {
      touch()
      yield chunk
      sent += chunk.byteLength
      onBytes(sent)
    }
  }
  return await sendToStorage(context, file, {
    url,
    method: 'PUT',
    isAnonymous: true,
    body: { bytes: end - start, open },
  })
}

/** Throws MODEL_HASH_MISMATCH where the file has become shorter, MODEL_FILE_MISSING where it can't be read any more. */
async function* readPart({ path, place }: LocalFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  let position = start
  try {
    for await (const chunk of readChunks(place, start, end)) {
      position += chunk.byteLength
      yield chunk
    }
  } catch (cause) {
    const { code = 'unreadable' } = cause as NodeJS.ErrnoException
    throw new ModelsError('MODEL_FILE_MISSING', `${path} can't be read any more (${code}); nothing was published`, {
      cause,
    })
  }
  if (position === end) return
  const got = `got ${position} bytes`
  throw new ModelsError(
    'MODEL_HASH_MISMATCH',
    `${path} has changed while it was published: ${got}; nothing was published`,
  )
}

async function sendToStorage(
  context: UploadContext,
  file: LocalFile,
  sent: Pick<HubRequest, 'url' | 'method' | 'headers' | 'body' | 'isAnonymous'>,
): Promise<string | null> {
  const { client, repository } = context
  const request = { ...toRequest(client, repository, sent.url, `and ${file.path}`), ...sent }
  const { status, etag } = await requestHub(
    client,
    () => request,
    async ({ response }) => {
      await response.body?.cancel()
      return { status: response.status, etag: response.headers.get('etag') }
    },
    { ...signalOf(context), accept: REFUSED },
  )
  if (status < 400) return etag
  await checkUnchanged(file)
  throw new RetryableError('HUB_RESPONSE_INVALID', `the Hub's storage answers ${status} for ${file.path}`)
}

/** Throws MODEL_HASH_MISMATCH where the file isn't what it was when it was checked. */
export async function checkUnchanged({ path, place, sha256 }: LocalFile): Promise<void> {
  const found = await hashFile(place)
  if (found.sha256 === sha256) return
  throw new ModelsError(
    'MODEL_HASH_MISMATCH',
    `${path} has changed while it was published: expected SHA-256 ${sha256}, got ${found.sha256}; nothing was published`,
  )
}
