// Which files the Hub wants in the commit itself, and which in large storage.
import { readJsonAnswer } from '../read-json.ts'
import { requestHub } from '../request-hub.ts'
import { readChunks } from './file-stream.ts'
import type { LocalFile } from './publishable-files.ts'
import { BRANCH, jsonBody, refuseAnswer, toRequest } from './remote-repository.ts'
import type { UploadContext } from './upload-large.ts'

const BATCH_FILES = 100
const SAMPLE_BYTES = 512

/** Throws HUB_RESPONSE_INVALID, and what `requestHub` throws. */
export async function askUploadModes(
  context: UploadContext,
  files: readonly LocalFile[],
): Promise<{ readonly regular: LocalFile[]; readonly large: LocalFile[] }> {
  const modes = new Map<unknown, unknown>()
  for (let start = 0; start < files.length; start += BATCH_FILES) {
    for (const { path, uploadMode } of await askBatch(context, files.slice(start, start + BATCH_FILES))) {
      modes.set(path, uploadMode)
    }
  }
  const unknown = files.find(({ path }) => modes.get(path) !== 'lfs' && modes.get(path) !== 'regular')
  if (unknown !== undefined) refuseAnswer(unknown.path, 'how to upload it')
  return {
    regular: files.filter(({ path }) => modes.get(path) === 'regular'),
    large: files.filter(({ path }) => modes.get(path) === 'lfs'),
  }
}

async function askBatch(
  { client, repository, signal }: UploadContext,
  files: readonly LocalFile[],
): Promise<Record<string, unknown>[]> {
  const entries = files.map(async (file) => ({ path: file.path, size: file.size, sample: await readSample(file) }))
  const url = `/api/models/${repository.name}/preupload/${BRANCH}`
  const body = jsonBody({ files: await Promise.all(entries) })
  const request = { ...toRequest(client, repository, url, 'and its new files'), ...body }
  const answer = await requestHub(
    client,
    () => request,
    (given) => readJsonAnswer(given, request.what),
    signal === undefined ? {} : { signal },
  )
  const { files: told } = Object(answer) as { files?: unknown }
  if (!Array.isArray(told)) refuseAnswer(request.what, 'a list of files')
  return told.map((entry: unknown) => Object(entry) as Record<string, unknown>)
}

async function readSample({ place, size }: LocalFile): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of readChunks(place, 0, Math.min(size, SAMPLE_BYTES))) parts.push(chunk)
  return Buffer.concat(parts).toString('base64')
}
