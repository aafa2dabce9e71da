// POST /api/v1/scorings: a file comes in, is laid down on the disk, and becomes a job.
import { createWriteStream } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import multipart, { type MultipartFile } from '@fastify/multipart'
import { ScoringSchema } from '@renown/contract'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { ApiError, codeOf } from '../errors.ts'
import { answer, bodyProblems, needs } from '../http/routes.ts'
import type { Job } from '../scorings/job.ts'
import { cleanFileName } from '../scorings/read-file.ts'
import type { Upload, UploadedFile } from '../scorings/scorings.ts'
import { SCORING_TAGS, SCORINGS } from './scorings.ts'

const IDLE_MS = 30_000
const FIELDS = ['text', 'date', 'author', 'source'] as const
const STARTS = ['auto', 'manual'] as const
/** Room that an upload leaves on the disk. */
const SPARE_BYTES = 64 * 2 ** 20

const StartQuery = Type.Object({
  start: Type.Optional(
    Type.Unsafe<(typeof STARTS)[number]>({
      type: 'string',
      enum: [...STARTS],
      default: 'auto',
      description: '`auto`: score at once where the column of the posts is known. `manual`: wait for POST .../start.',
    }),
  ),
})

const UPLOAD_BODY = {
  type: 'object',
  required: ['file'],
  properties: {
    file: {
      type: 'string',
      format: 'binary',
      description: 'CSV, TSV, JSON, JSONL, Parquet or text, each may be gzipped.',
    },
    ...Object.fromEntries(
      FIELDS.map((name) => [
        `${name}_column`,
        { type: 'string', description: `The column with the ${name}; guessed where missing.` },
      ]),
    ),
  },
}

const UPLOAD_SCHEMA = {
  operationId: 'createScoring',
  summary: 'Score a file',
  description: 'The file is kept on the disk of the server while it is scored; the results for a day.',
  tags: SCORING_TAGS,
  querystring: StartQuery,
  consumes: ['multipart/form-data'],
  'x-body': UPLOAD_BODY,
  'x-responses': {
    202: {
      ...answer(ScoringSchema, 'The file is there: queued, or ready where its columns must be named.'),
      headers: { Location: { type: 'string', description: 'Where the scoring is.' } },
    },
    ...bodyProblems('FILE_INVALID', 'FILE_TOO_LARGE', 'COLUMN_UNKNOWN', 'SCORINGS_FULL', 'DISK_FULL'),
  },
}

interface UploadRoute {
  Querystring: { start?: (typeof STARTS)[number] }
}

/** In a scope of its own: no other route reads forms. */
export async function registerUploads(app: App, context: Context): Promise<void> {
  await app.register((scope, _options, done) => {
    void scope.register(multipart, { throwFileSizeLimit: false })
    const options = { schema: UPLOAD_SCHEMA, config: needs('write') }
    scope.post<UploadRoute>(SCORINGS, options, async (request, reply) => {
      const job = await takeIn(request, context, request.query.start !== 'manual')
      const { id, file } = job.record
      context.logger.info({ request_id: request.id, scoring: id, bytes: file.bytes }, 'file received')
      return await reply
        .code(202)
        .header('location', `${SCORINGS}/${id}`)
        .send(job.show({ preview: true }))
    })
    done()
  })
}

/** From the request to a job; nothing stays on the disk of an upload that fails. */
async function takeIn(request: FastifyRequest, context: Context, autoStart: boolean): Promise<Job> {
  if (!request.isMultipart()) {
    throw new ApiError('CONTENT_TYPE_UNSUPPORTED', { detail: 'Expected multipart/form-data.' })
  }
  const { scorings } = context
  const upload = await scorings.begin()
  const file = await receive(request, upload, context).catch(async (error: unknown) => {
    await scorings.discard(upload)
    throw asFormError(error)
  })
  return await scorings.adopt(upload, { ...file, autoStart })
}

/** Takes in the parts: one file, some names of columns. Throws what is wrong with them. */
async function receive(
  request: FastifyRequest,
  upload: Upload,
  { config }: Context,
): Promise<Pick<UploadedFile, 'name' | 'columns'>> {
  await checkRoom(upload, Number(request.headers['content-length'] ?? 0), config.uploadLimit)
  const limits = { fileSize: config.uploadLimit, files: 1, fields: 20, fieldSize: 4096, parts: 25, headerPairs: 100 }
  const columns: Record<string, string> = {}
  let name: string | null = null
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file') {
      if (part.fieldname !== 'file') throw missingFile()
      await spool(part, upload.paths.source, config.uploadLimit)
      name = cleanFileName(part.filename)
    } else {
      const field = FIELDS.find((known) => `${known}_column` === part.fieldname)
      if (field !== undefined && typeof part.value === 'string' && part.value !== '') columns[field] = part.value
    }
  }
  if (name === null) throw missingFile()
  return { name, columns }
}

/** What the parser of forms finds wrong has no code; what the disk and our own checks find wrong has one. */
function asFormError(error: unknown): unknown {
  const isPlain = error instanceof Error && error.constructor === Error && codeOf(error) === ''
  return isPlain
    ? new ApiError('INVALID_REQUEST', { detail: 'The form breaks off or is malformed.', cause: error })
    : error
}

function missingFile(): ApiError {
  const detail = 'expected one part "file" with a file name'
  return new ApiError('VALIDATION_FAILED', {
    detail: `body: ${detail}`,
    errors: [{ path: '/file', code: 'required', detail }],
  })
}

async function checkRoom({ paths }: Upload, bytes: number, limit: number): Promise<void> {
  // Boundaries and fields are small beside the file.
  if (bytes > limit + 2 ** 20) throw tooLarge(limit)
  const { bavail, bsize } = await statfs(paths.folder)
  if (bytes + SPARE_BYTES > bavail * bsize) throw new ApiError('DISK_FULL')
}

function tooLarge(limit: number): ApiError {
  return new ApiError('FILE_TOO_LARGE', { detail: `Expected at most ${limit} bytes.` })
}

async function spool(part: MultipartFile, path: string, limit: number): Promise<void> {
  const idle = new AbortController()
  const timer = setTimeout(() => idle.abort(), IDLE_MS)
  async function* watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      timer.refresh()
      yield chunk
    }
  }
  try {
    await pipeline(part.file, watch, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal: idle.signal })
  } catch (error) {
    throw idle.signal.aborted ? new ApiError('REQUEST_TIMEOUT') : error
  } finally {
    clearTimeout(timer)
  }
  if (part.file.truncated) throw tooLarge(limit)
}
