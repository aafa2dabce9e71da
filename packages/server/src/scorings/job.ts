// One scoring while the server runs: its record, who watches it, and how to stop it.
import type { Scoring, ScoringStatus } from '@renown/contract'
import { type ScoringPaths, type ScoringRecord, saveRecord, toScoring } from './record.ts'

/** Why a job is stopped before its end. */
export type StopReason = 'cancelled' | 'interrupted' | 'removed'

const FINAL: ReadonlySet<ScoringStatus> = new Set(['done', 'failed', 'cancelled'])

export function isFinal(status: ScoringStatus): boolean {
  return FINAL.has(status)
}

export class Job {
  readonly paths: ScoringPaths
  #record: ScoringRecord
  readonly #watchers = new Set<() => void>()
  #running: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null

  constructor(paths: ScoringPaths, record: ScoringRecord) {
    this.paths = paths
    this.#record = record
  }

  get record(): ScoringRecord {
    return this.#record
  }

  get status(): ScoringStatus {
    return this.#record.status
  }

  show(options: { readonly preview: boolean }): Scoring {
    return toScoring(this.#record, options)
  }

  /** Changes the record in memory and tells who watches. */
  update(change: Partial<ScoringRecord>): void {
    this.#record = { ...this.#record, ...change }
    for (const watcher of this.#watchers) watcher()
  }

  async save(): Promise<void> {
    await saveRecord(this.paths, this.#record)
  }

  /** Calls back after each change until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher)
    return () => {
      this.#watchers.delete(watcher)
    }
  }

  /** How many watch; for tests that nobody is forgotten. */
  watchers(): number {
    return this.#watchers.size
  }

  run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController()
    const ended = work(controller.signal).finally(() => {
      this.#running = null
    })
    this.#running = { controller, ended }
    return ended
  }

  /** Resolves when the job has come to a rest. */
  async stop(reason: StopReason): Promise<void> {
    this.#running?.controller.abort(reason)
    await this.#running?.ended
  }
}
