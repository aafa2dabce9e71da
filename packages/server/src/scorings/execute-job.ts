// Takes a job from queued to its end, and keeps its record true on the way.
import { rm } from 'node:fs/promises'
import type { ColumnMapping } from '@renown/contract'
import { type Classifier, isRefusal } from '@renown/reputation'
import type { Logger } from 'pino'
import { ApiError } from '../errors.ts'
import { buildProblem, toApiError } from '../http/problems.ts'
import type { PredictionMetrics } from '../metrics/prediction-metrics.ts'
import type { Job } from './job.ts'
import { createPace, type RunCounts } from './progress.ts'
import { asFileError } from './read-file.ts'
import type { ScoringRecord } from './record.ts'
import { runScoring } from './run-scoring.ts'
import type { ScoringMetrics } from './scoring-metrics.ts'
import { openScoringWriter, type ScoringWriter } from './scoring-writer.ts'

const SAVE_EVERY_MS = 2000

export interface Workshop {
  readonly engine: () => Classifier
  readonly now: () => number
  readonly logger: Logger
  readonly predictionMetrics: PredictionMetrics
  readonly metrics: ScoringMetrics
}

/** Never rejects: whatever happens is in the job's record. */
export async function executeJob(job: Job, mapping: ColumnMapping, signal: AbortSignal, shop: Workshop): Promise<void> {
  let writer: ScoringWriter | null = null
  let end: Partial<ScoringRecord> = { status: 'done' }
  try {
    job.update({ status: 'running', mapping })
    await job.save()
    writer = await openScoringWriter(job.paths, mapping)
    await scoreFile(job, mapping, signal, writer, shop)
  } catch (error) {
    end = endOf(error, signal, shop.logger, job.record.id)
  }
  try {
    await writer?.close()
  } catch (err) {
    shop.logger.error({ err, scoring: job.record.id }, 'results could not be closed')
  }
  await finish(job, end, writer, shop.logger)
}

async function scoreFile(
  job: Job,
  mapping: ColumnMapping,
  signal: AbortSignal,
  writer: ScoringWriter,
  shop: Workshop,
): Promise<void> {
  const counts: RunCounts = { rows: 0, scored: 0, rejected: 0, cached: 0, bytesRead: 0, bytesTotal: null }
  const pace = createPace(shop.now)
  let savedAt = shop.now()
  let reported = { scored: 0, rejected: 0 }
  await runScoring({
    path: job.paths.source,
    name: job.record.file.name,
    mapping,
    classifier: shop.engine(),
    writer,
    counts,
    signal,
    async onChunk(outcomes) {
      for (const outcome of outcomes) if (!isRefusal(outcome)) shop.predictionMetrics.predicted(outcome)
      shop.metrics.rows(counts.scored - reported.scored, counts.rejected - reported.rejected)
      reported = { scored: counts.scored, rejected: counts.rejected }
      job.update({ progress: pace(counts), written: writer.written() })
      if (shop.now() - savedAt < SAVE_EVERY_MS) return
      savedAt = shop.now()
      job.update({ summary: writer.summary() })
      await job.save()
    },
  })
  job.update({ progress: { ...pace(counts), seconds_left: 0 } })
}

function endOf(error: unknown, signal: AbortSignal, logger: Logger, id: string): Partial<ScoringRecord> {
  if (signal.reason === 'cancelled' || signal.reason === 'removed') return { status: 'cancelled' }
  const problem = signal.aborted ? new ApiError('SCORING_INTERRUPTED') : toJobError(error)
  if (problem.code === 'SCORING_FAILED') logger.error({ err: error, scoring: id }, 'scoring failed')
  return { status: 'failed', problem: buildProblem(problem) }
}

function toJobError(error: unknown): ApiError {
  const converted = toApiError(asFileError(error))
  if (converted.code === 'SHUTTING_DOWN') return new ApiError('SCORING_INTERRUPTED', { cause: error })
  return converted.code === 'INTERNAL' ? new ApiError('SCORING_FAILED', { cause: error }) : converted
}

async function finish(
  job: Job,
  end: Partial<ScoringRecord>,
  writer: ScoringWriter | null,
  logger: Logger,
): Promise<void> {
  const last = writer === null ? {} : { summary: writer.summary(), written: writer.written() }
  // Every row is in the results now; the upload is only in the way.
  await rm(job.paths.source, { force: true }).catch(() => undefined)
  job.update({ ...last, ...end })
  await job.save().catch((err: unknown) => {
    logger.error({ err, scoring: job.record.id }, 'the record of a scoring could not be written')
  })
}
