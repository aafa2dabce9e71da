// Starts engines for tests, closes them afterwards, and records what they report.
import type { ModelFolder } from '@renown/models'
import { type Classification, type ClassifyOutcome, isRefusal } from '@renown/reputation'
import type { Engine } from '../engine.ts'
import type { BatchReport, EngineObserver } from '../observer.ts'
import type { EngineOptions } from '../options.ts'
import { startEngine } from '../start-engine.ts'

const started: Engine[] = []

/** Belongs after each test. */
export async function closeEngines(): Promise<void> {
  await Promise.all(started.splice(0).map((engine) => engine.close()))
}

/** Ends with `closeEngines`. */
export async function runEngine(folder: ModelFolder, options: EngineOptions = {}): Promise<Engine> {
  const engine = await startEngine(folder, { threads: 1, ...options })
  started.push(engine)
  return engine
}

export interface Recording {
  readonly observer: EngineObserver
  readonly batches: BatchReport[]
  readonly rejections: string[]
  readonly restarts: string[]
  sequences(): number
}

export function record(): Recording {
  const batches: BatchReport[] = []
  const rejections: string[] = []
  const restarts: string[] = []
  return {
    batches,
    rejections,
    restarts,
    sequences: () => batches.reduce((sum, { sequences }) => sum + sequences, 0),
    observer: {
      batch: (report) => batches.push(report),
      rejected: (reason) => rejections.push(reason),
      workerRestarted: (reason) => restarts.push(reason),
    },
  }
}

export function expectAnswer(outcome: ClassifyOutcome | undefined): Classification {
  if (outcome === undefined || isRefusal(outcome)) throw new Error(`expected an answer, got ${JSON.stringify(outcome)}`)
  return outcome
}

/** Resolves when the condition holds; the test's own timeout is the limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Texts that differ, in words the tiny models know. */
export function makeTexts(count: number, name = 'post'): string[] {
  const words = ['great', 'love', 'bad', 'late', 'phone', 'camera', 'refund', 'the', 'this', 'airline']
  return Array.from({ length: count }, (_, index) =>
    [
      name,
      ...String(index)
        .split('')
        .map((digit) => words[Number(digit)]),
      `${index}`,
    ].join(' '),
  )
}
