// GET …/results and …/rejects: what came out of a scoring, as a file, streamed from the disk.
import { PassThrough } from 'node:stream'
import { createRowWriter } from '@renown/files'
import { Type } from 'typebox'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { file, needs, problems } from '../http/routes.ts'
import { readLines } from '../scorings/append-file.ts'
import { isFinal, type Job } from '../scorings/job.ts'
import { nameColumns, parseStoredRow, toResultRow } from '../scorings/stored-row.ts'
import { SCORING_TAGS, SCORINGS, ScoringParams, type ScoringRoute } from './scorings.ts'

const FORMATS = ['csv', 'jsonl'] as const
type Format = (typeof FORMATS)[number]

const TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
}

const DownloadQuery = Type.Object({
  format: Type.Optional(Type.Unsafe<Format>({ type: 'string', enum: [...FORMATS], default: 'csv' })),
})

/** What is downloaded: its columns, and its rows one by one. */
interface Download {
  readonly suffix: string
  readonly columns: readonly string[]
  rows(): AsyncGenerator<Record<string, unknown>>
}

export function registerScoringDownloads(app: App, context: Context): void {
  register(app, context, 'results', 'The rows of the file with their sentiment', describeResults)
  register(app, context, 'rejects', 'The rows that were left out: line, code and reason', describeRejects)
}

function register(
  app: App,
  { scorings, logger }: Context,
  what: 'results' | 'rejects',
  summary: string,
  describe: (job: Job) => Download,
): void {
  const schema = {
    operationId: what === 'results' ? 'downloadResults' : 'downloadRejects',
    summary,
    tags: SCORING_TAGS,
    params: ScoringParams,
    querystring: DownloadQuery,
    'x-responses': {
      200: file('The file.', 'text/csv', 'application/x-ndjson'),
      ...problems('SCORING_NOT_FOUND', 'SCORING_STATE', 'VALIDATION_FAILED'),
    },
  }
  type Route = ScoringRoute & { Querystring: { format?: Format } }
  app.get<Route>(`${SCORINGS}/:id/${what}`, { schema, config: needs('read') }, async (request, reply) => {
    const job = scorings.find(request.params.id)
    if (!isFinal(job.status)) {
      throw new ApiError('SCORING_STATE', { detail: `Expected a scoring that has ended, this one is ${job.status}.` })
    }
    const format = request.query.format ?? 'csv'
    const download = describe(job)
    const name = `${job.record.file.name.replace(/(\.[A-Za-z0-9]{1,8}){1,2}$/, '')}${download.suffix}.${format}`
    const out = new PassThrough()
    void send(download, format, out).catch((err: unknown) => {
      if (!out.destroyed) logger.error({ request_id: request.id, err }, 'download failed')
      out.destroy()
    })
    return await reply.type(TYPES[format]).header('content-disposition', contentDisposition(name)).send(out)
  })
}

/** Rejects where the receiver goes away; reading stops there. */
async function send(download: Download, format: Format, out: PassThrough): Promise<void> {
  const writer = createRowWriter(out, format, download.columns)
  for await (const row of download.rows()) await writer.write(row)
  await writer.end()
}

function describeResults(job: Job): Download {
  const { columns, written } = job.record
  const names = nameColumns(columns)
  return {
    suffix: '-sentiment',
    columns: [...columns, ...Object.values(names)],
    async *rows() {
      if (written.results === 0) return
      for await (const line of readLines(job.paths.results, written.results)) {
        yield toResultRow(parseStoredRow(line), names)
      }
    },
  }
}

function describeRejects(job: Job): Download {
  const { written } = job.record
  return {
    suffix: '-rejects',
    columns: ['line', 'code', 'reason'],
    async *rows() {
      if (written.rejects === 0) return
      for await (const line of readLines(job.paths.rejects, written.rejects)) {
        yield JSON.parse(line) as Record<string, unknown>
      }
    },
  }
}
