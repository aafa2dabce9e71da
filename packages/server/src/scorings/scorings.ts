// Every scoring that is kept: received, queued, run one after the other, shown, removed.
import { randomBytes } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnMapping, Scoring, ScoringStatus } from '@renown/contract'
import type { Classifier } from '@renown/reputation'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from '../config/settings.ts'
import { ApiError } from '../errors.ts'
import { buildProblem } from '../http/problems.ts'
import type { PredictionMetrics } from '../metrics/prediction-metrics.ts'
import { type ClaimedFolder, claimFolder } from './claim-folder.ts'
import { executeJob, type Workshop } from './execute-job.ts'
import { isFinal, Job } from './job.ts'
import { NO_PROGRESS } from './progress.ts'
import { checkMapping, mapGuess, viewFile } from './read-file.ts'
import {
  cutToRecord,
  loadRecords,
  makeScoringFolder,
  NOTHING_WRITTEN,
  removeScoring,
  type ScoringPaths,
  type ScoringRecord,
  scoringPaths,
} from './record.ts'
import { createScoringMetrics } from './scoring-metrics.ts'

const SWEEP_EVERY_MS = 600_000
const HOUR_MS = 3_600_000

export interface Upload {
  readonly id: string
  readonly paths: ScoringPaths
}

export interface UploadedFile {
  readonly name: string
  /** What the sender said the columns are; only these replace the guess. */
  readonly columns: Partial<ColumnMapping>
  /** False: wait for the columns to be confirmed. */
  readonly autoStart: boolean
}

export interface Scorings {
  /** Jobs may begin: the engine answers. */
  resume(): void
  /** A folder for a file that is about to come. Throws SCORINGS_FULL. */
  begin(): Promise<Upload>
  /** The file did not come. */
  discard(upload: Upload): Promise<void>
  /** The file is there. Throws FILE_INVALID, COLUMN_UNKNOWN, and then nothing is left of it. */
  adopt(upload: Upload, file: UploadedFile): Promise<Job>
  list(): readonly Job[]
  /** Throws SCORING_NOT_FOUND. */
  find(id: string): Job
  /** Throws SCORING_NOT_FOUND, SCORING_STATE, COLUMN_UNKNOWN. */
  start(id: string, mapping: ColumnMapping): Promise<Scoring>
  /** Ends a job and keeps what was scored. Throws SCORING_NOT_FOUND, SCORING_STATE. */
  cancel(id: string): Promise<Scoring>
  /** Ends a job and removes everything of it. Throws SCORING_NOT_FOUND. */
  remove(id: string): Promise<void>
  /** Removes what has expired. */
  sweep(): Promise<void>
  /** Stops what runs; what was scored stays. */
  close(): Promise<void>
}

export interface ScoringsOptions {
  readonly config: Config
  readonly now: () => number
  readonly logger: Logger
  readonly registry: Registry
  readonly predictionMetrics: PredictionMetrics
  /** The engine that serves when a job begins. */
  readonly engine: () => Classifier
}

/** Reads what an earlier process left behind. */
export async function createScorings(options: ScoringsOptions): Promise<Scorings> {
  const scorings = new LiveScorings(await claimFolder(join(options.config.home, 'scorings')), options)
  await scorings.recover()
  return scorings
}

class LiveScorings implements Scorings {
  readonly #folder: ClaimedFolder
  readonly #root: string
  readonly #config: Config
  readonly #now: () => number
  readonly #shop: Workshop
  readonly #jobs = new Map<string, Job>()
  readonly #queue: Job[] = []
  readonly #timer: NodeJS.Timeout
  #uploads = 0
  #running = 0
  #open = false

  constructor(folder: ClaimedFolder, options: ScoringsOptions) {
    this.#folder = folder
    this.#root = folder.path
    this.#config = options.config
    this.#now = options.now
    this.#shop = { ...options, metrics: createScoringMetrics(options.registry, () => this.#countByStatus()) }
    this.#timer = setInterval(() => this.#sweepQuietly(options.logger), SWEEP_EVERY_MS).unref()
  }

  /** A job that ran when its process ended is failed with what it had scored; one that waited goes on waiting. */
  async recover(): Promise<void> {
    for (const record of await loadRecords(this.#root)) {
      const job = new Job(scoringPaths(this.#root, record.id), record)
      this.#jobs.set(record.id, job)
      if (record.status === 'running') await this.#interrupt(job)
      if (record.status === 'queued') this.#queue.push(job)
    }
    await this.sweep()
  }

  resume(): void {
    this.#open = true
    this.#pump()
  }

  async begin(): Promise<Upload> {
    if (this.#jobs.size + this.#uploads >= this.#config.scoringsLimit) await this.sweep()
    if (this.#jobs.size + this.#uploads >= this.#config.scoringsLimit) {
      throw new ApiError('SCORINGS_FULL', {
        detail: `${this.#config.scoringsLimit} scorings are kept already.`,
        retryAfterSeconds: 60,
      })
    }
    this.#uploads++
    const id = randomBytes(16).toString('base64url')
    const paths = scoringPaths(this.#root, id)
    await makeScoringFolder(paths).catch((error: unknown) => {
      this.#uploads--
      throw error
    })
    return { id, paths }
  }

  async discard(upload: Upload): Promise<void> {
    this.#uploads--
    await removeScoring(upload.paths)
  }

  async adopt(upload: Upload, file: UploadedFile): Promise<Job> {
    try {
      const record = await this.#describe(upload, file)
      const job = new Job(upload.paths, record)
      await job.save()
      this.#uploads--
      this.#jobs.set(record.id, job)
      if (record.status === 'queued') this.#enqueue(job)
      return job
    } catch (error) {
      await this.discard(upload)
      throw error
    }
  }

  async #describe(upload: Upload, file: UploadedFile): Promise<ScoringRecord> {
    const { size } = await stat(upload.paths.source)
    const view = await viewFile(upload.paths.source, file.name, size)
    const guessed = mapGuess({ ...view.guess, ...file.columns })
    const mapping = guessed === null ? null : checkMapping(guessed, view.columns)
    const now = this.#now()
    return {
      format: 2,
      id: upload.id,
      status: file.autoStart && mapping !== null ? 'queued' : 'ready',
      file: view.file,
      columns: view.columns,
      guess: view.guess,
      preview: view.preview,
      mapping,
      progress: { ...NO_PROGRESS, bytes_total: view.bytesTotal },
      summary: null,
      problem: null,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + this.#config.scoringsKeepHours * HOUR_MS).toISOString(),
      written: NOTHING_WRITTEN,
    }
  }

  list(): readonly Job[] {
    return [...this.#jobs.values()].reverse()
  }

  find(id: string): Job {
    const job = this.#jobs.get(id)
    if (job === undefined) throw new ApiError('SCORING_NOT_FOUND')
    return job
  }

  async start(id: string, mapping: ColumnMapping): Promise<Scoring> {
    const job = this.find(id)
    if (job.status !== 'ready') throw wrongState(job, 'ready')
    job.update({ mapping: checkMapping(mapping, job.record.columns), status: 'queued' })
    await job.save()
    this.#enqueue(job)
    return job.show({ preview: true })
  }

  async cancel(id: string): Promise<Scoring> {
    const job = this.find(id)
    if (isFinal(job.status)) throw wrongState(job, 'ready, queued or running')
    await this.#rest(job, 'cancelled')
    return job.show({ preview: true })
  }

  async remove(id: string): Promise<void> {
    const job = this.find(id)
    this.#jobs.delete(id)
    await this.#rest(job, 'removed')
    await removeScoring(job.paths)
  }

  async sweep(): Promise<void> {
    const now = new Date(this.#now()).toISOString()
    const expired = [...this.#jobs.values()].filter((job) => job.record.expiresAt <= now && job.status !== 'running')
    for (const job of expired) {
      if (this.#jobs.has(job.record.id)) await this.remove(job.record.id)
    }
  }

  #sweepQuietly(logger: Logger): void {
    this.sweep().catch((err: unknown) => logger.error({ err }, 'expired scorings could not be removed'))
  }

  async close(): Promise<void> {
    this.#open = false
    clearInterval(this.#timer)
    await Promise.all([...this.#jobs.values()].map(async (job) => await job.stop('interrupted')))
    await this.#folder.release()
  }

  /** Brings a job to a final status, whatever it is doing. */
  async #rest(job: Job, reason: 'cancelled' | 'removed'): Promise<void> {
    const waiting = this.#queue.indexOf(job)
    if (waiting >= 0) this.#queue.splice(waiting, 1)
    await job.stop(reason)
    if (isFinal(job.status)) return
    job.update({ status: 'cancelled' })
    if (reason === 'removed') return
    await rm(job.paths.source, { force: true })
    await job.save()
  }

  async #interrupt(job: Job): Promise<void> {
    await cutToRecord(job.paths, job.record.written)
    await rm(job.paths.source, { force: true })
    job.update({ status: 'failed', problem: buildProblem(new ApiError('SCORING_INTERRUPTED')) })
    await job.save()
  }

  #enqueue(job: Job): void {
    this.#queue.push(job)
    this.#pump()
  }

  #pump(): void {
    while (this.#open && this.#running < this.#config.scoringsAtOnce) {
      const job = this.#queue.shift()
      const mapping = job?.record.mapping ?? null
      if (job === undefined) return
      if (mapping === null) continue
      this.#running++
      void job
        .run((signal) => executeJob(job, mapping, signal, this.#shop))
        .finally(() => {
          this.#running--
          this.#pump()
        })
    }
  }

  #countByStatus(): ReadonlyMap<ScoringStatus, number> {
    const counts = new Map<ScoringStatus, number>()
    for (const { status } of this.#jobs.values()) counts.set(status, (counts.get(status) ?? 0) + 1)
    return counts
  }
}

function wrongState(job: Job, expected: string): ApiError {
  return new ApiError('SCORING_STATE', { detail: `Expected a scoring that is ${expected}, this one is ${job.status}.` })
}
