// What a worker thread runs: the model's session lives here.
import { parentPort, workerData } from 'node:worker_threads'
import { createScorer } from '@renown/ml'
import type { WorkerSettings } from './protocol.ts'
import { serveScorer } from './serve-scorer.ts'

if (parentPort === null) throw new Error('this module is the entry of a worker thread, got the main thread')

await serveScorer(parentPort, workerData as WorkerSettings, ({ folder, file, threads, encoding }) =>
  createScorer(folder, { file, threads, encoding }),
)
