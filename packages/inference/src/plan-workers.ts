// How many workers a model gets, and how many threads each of them.

export interface WorkerPlan {
  readonly workers: number
  /** Threads inside one run. */
  readonly threads: number
}

/** A model up to this size is copied into every worker. */
const SMALL_MODEL_BYTES = 64 * 1024 * 1024
/** More copies than this cost more memory than they are worth; further threads go into the runs. */
const MOST_WORKERS = 4

/**
 * The matrices of a small model are too small to share: two threads in one run wait for each other a third of the time,
 * two workers with a thread each don't wait. A large model is worth sharing, and too large to copy.
 */
export function planWorkers(threads: number, modelBytes: number, wanted?: number): WorkerPlan {
  const workers = wanted ?? (modelBytes <= SMALL_MODEL_BYTES ? Math.min(threads, MOST_WORKERS) : 1)
  return { workers, threads: Math.max(1, Math.floor(threads / workers)) }
}
