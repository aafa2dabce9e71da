// What a worker thread runs: the model's session lives here.
import { parentPort, workerData } from 'node:worker_threads'
import type { WorkerSettings } from './protocol.ts'
import { lowerThread } from './thread-priority.ts'

if (parentPort === null) throw new Error('this module is the entry of a worker thread, got the main thread')

const settings = workerData as WorkerSettings
// Before the modules are read: with the session's they are half of the work.
lowerThread(settings.urgency)
const [{ serveScorer }, { createScorer }] = await Promise.all([
  import('./serve-scorer.ts'),
  import('@renown/ml/serving'),
])
await serveScorer(parentPort, settings, ({ folder, file, threads, encoding }) =>
  createScorer(folder, { file, threads, encoding }),
)
