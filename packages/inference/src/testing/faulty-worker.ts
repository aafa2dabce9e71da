// A worker over the real scorer that misbehaves when it meets the token ids that it is told. For tests only.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { createScorer, type Scorer } from '@renown/ml'
import type { WorkerSettings } from '../worker/protocol.ts'
import { serveScorer } from '../worker/serve-scorer.ts'
import type { Fault, FaultSettings } from './faults.ts'

const settings = JSON.parse(process.env.RENOWN_TEST_FAULTS ?? '{}') as FaultSettings

const FAULTS: Readonly<Record<Fault, () => undefined | Promise<never>>> = {
  reject: () => {
    throw new Error('the run failed on purpose')
  },
  exit: () => process.exit(3),
  // An uncaught exception ends the thread before this run answers.
  crash: () => {
    setImmediate(() => {
      throw new Error('the worker crashed on purpose')
    })
    return new Promise<never>(() => undefined)
  },
  hang: () => {
    while (settings.release !== undefined && !existsSync(settings.release)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
    return undefined
  },
}

await serveScorer(parentPort!, workerData as WorkerSettings, async ({ folder, file, threads }) => {
  countStart(settings.log, settings.starts ?? Number.POSITIVE_INFINITY)
  return misbehave(await createScorer(folder, { file, threads }))
})

function misbehave(scorer: Scorer): Scorer {
  return {
    ...scorer,
    async score(sequences) {
      for (const fault of Object.keys(FAULTS) as Fault[]) {
        const id = settings[fault]
        if (id !== undefined && sequences.some((ids) => ids.includes(id)) && isDue()) await FAULTS[fault]()
      }
      return scorer.score(sequences)
    },
  }
}

function isDue(): boolean {
  if (settings.marker === undefined) return true
  if (existsSync(settings.marker)) return false
  writeFileSync(settings.marker, '')
  return true
}

function countStart(log: string | undefined, limit: number): void {
  if (log === undefined) return
  appendFileSync(log, 'start\n')
  process.once('exit', () => appendFileSync(log, 'end\n'))
  if (readFileSync(log, 'utf8').split('start').length - 1 > limit) throw new Error('no more starts')
}
