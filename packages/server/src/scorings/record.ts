// What is known of a scoring, as the data folder keeps it: job.json beside the files of the job.
import { mkdir, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  ColumnGuess,
  ColumnMapping,
  Problem,
  Scoring,
  ScoringFile,
  ScoringProgress,
  ScoringStatus,
  ScoringSummary,
} from '@renown/contract'
import { writeFileWhole } from '../file-lock.ts'
import { ENTRY_BYTES } from './post-index.ts'

export interface ScoringRecord {
  readonly format: 2
  readonly id: string
  readonly status: ScoringStatus
  readonly file: ScoringFile
  readonly columns: readonly string[]
  readonly guess: ColumnGuess
  readonly preview: readonly Record<string, string>[]
  readonly mapping: ColumnMapping | null
  readonly progress: ScoringProgress
  readonly summary: ScoringSummary | null
  readonly problem: Problem | null
  readonly createdAt: string
  readonly expiresAt: string
  /** How much of each file belongs to `progress` and `summary`; what lies beyond was never accounted for. */
  readonly written: Written
}

export interface Written {
  readonly results: number
  readonly entries: number
  readonly rejects: number
}

export const NOTHING_WRITTEN: Written = { results: 0, entries: 0, rejects: 0 }

export interface ScoringPaths {
  readonly folder: string
  readonly job: string
  readonly source: string
  readonly results: string
  readonly index: string
  readonly rejects: string
}

const ID = /^[A-Za-z0-9_-]{22}$/

export function isScoringId(id: string): boolean {
  return ID.test(id)
}

export function scoringPaths(root: string, id: string): ScoringPaths {
  const folder = join(root, id)
  return {
    folder,
    job: join(folder, 'job.json'),
    source: join(folder, 'source'),
    results: join(folder, 'results.jsonl'),
    index: join(folder, 'results.index'),
    rejects: join(folder, 'rejects.jsonl'),
  }
}

export async function makeScoringFolder(paths: ScoringPaths): Promise<void> {
  await mkdir(paths.folder, { recursive: true, mode: 0o700 })
}

export async function saveRecord(paths: ScoringPaths, record: ScoringRecord): Promise<void> {
  await writeFileWhole(paths.job, JSON.stringify(record))
}

export async function removeScoring(paths: ScoringPaths): Promise<void> {
  await rm(paths.folder, { recursive: true, force: true, maxRetries: 3 })
}

/** The records in the data folder. A folder without a readable record is the rest of a broken upload: it is removed. */
export async function loadRecords(root: string): Promise<ScoringRecord[]> {
  const names = await readdir(root).catch(() => [])
  const records: ScoringRecord[] = []
  for (const name of names.filter(isScoringId)) {
    const paths = scoringPaths(root, name)
    const record = await readRecord(paths)
    if (record === null) await removeScoring(paths)
    else records.push(record)
  }
  return records.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

async function readRecord(paths: ScoringPaths): Promise<ScoringRecord | null> {
  try {
    const json: unknown = JSON.parse(await readFile(paths.job, 'utf8'))
    return isRecord(json) ? json : null
  } catch {
    return null
  }
}

// Written by this very module, whole or not at all; another format is another version's.
function isRecord(json: unknown): json is ScoringRecord {
  return typeof json === 'object' && json !== null && 'format' in json && json.format === 2 && 'written' in json
}

/** Cuts what a killed process had written and not accounted for. */
export async function cutToRecord(paths: ScoringPaths, written: Written): Promise<void> {
  const lengths: readonly (readonly [string, number])[] = [
    [paths.results, written.results],
    [paths.index, written.entries * ENTRY_BYTES],
    [paths.rejects, written.rejects],
  ]
  for (const [path, length] of lengths) {
    const info = await stat(path).catch(() => null)
    if (info !== null && info.size > length) await truncate(path, length)
  }
}

/** As the API shows it. `preview` only where one scoring is asked for. */
export function toScoring(record: ScoringRecord, options: { readonly preview: boolean }): Scoring {
  return {
    id: record.id,
    status: record.status,
    file: record.file,
    columns: [...record.columns],
    guess: record.guess,
    ...(options.preview ? { preview: [...record.preview] } : {}),
    mapping: record.mapping,
    progress: record.progress,
    summary: record.summary,
    problem: record.problem,
    created_at: record.createdAt,
    expires_at: record.expiresAt,
  }
}
