// What the engine may be told, and what holds where it isn't.
import { availableParallelism } from 'node:os'
import { EngineError } from './errors.ts'
import type { EngineObserver } from './observer.ts'

export interface EngineOptions {
  /** Threads inside one run; by default the workers share all that the process may use. */
  readonly threads?: number
  /** How many worker threads, each with a copy of the model and its own `threads`; 1 by default. */
  readonly workers?: number
  readonly encoding?: 'auto' | 'int8' | 'uint8' | 'float32'
  /** The model file inside the folder; chosen by what the folder holds by default. */
  readonly file?: string
  /** Most tokens in a batch; a longer sequence is a batch of its own. */
  readonly batchTokens?: number
  /** Most tokens of each priority that wait or run at once, whatever the machine could do in `maxQueueMs`. */
  readonly maxQueueTokens?: number
  /** Most work that is accepted, in milliseconds at the measured rate of the model. */
  readonly maxQueueMs?: number
  readonly cacheEntries?: number
  readonly cacheBytes?: number
  /** A text with more UTF-16 units is refused, alone. */
  readonly maxTextChars?: number
  /** A run that takes longer fails readiness until it returns. */
  readonly runTimeoutMs?: number
  /** Compare what a model answers with what it recorded, before it serves; off by default. */
  readonly checkAnswers?: boolean
  /** Run with less urgency than everything else on the machine, where the system can. */
  readonly background?: boolean
  readonly observer?: EngineObserver
  /** The worker's module, for tests that inject faults. */
  readonly workerEntry?: URL
}

export type EngineSettings = Required<Omit<EngineOptions, 'observer' | 'workerEntry' | 'file'>> &
  Pick<EngineOptions, 'file' | 'workerEntry'>

const DEFAULTS = {
  workers: 1,
  encoding: 'auto',
  batchTokens: 512,
  maxQueueTokens: 65_536,
  maxQueueMs: 300,
  cacheEntries: 50_000,
  cacheBytes: 32 * 1024 * 1024,
  maxTextChars: 100_000,
  runTimeoutMs: 30_000,
  checkAnswers: false,
  background: false,
} as const

const POSITIVE = ['threads', 'workers', 'batchTokens', 'maxQueueTokens', 'maxQueueMs', 'runTimeoutMs'] as const
const NOT_NEGATIVE = ['cacheEntries', 'cacheBytes', 'maxTextChars'] as const

/** Fills in the defaults. Throws OPTIONS_INVALID. */
export function resolveSettings(options: EngineOptions): EngineSettings {
  const { observer: _, ...given } = options
  const threads = Math.max(1, Math.floor(availableParallelism() / (given.workers ?? DEFAULTS.workers)))
  const settings: EngineSettings = { threads, ...DEFAULTS, ...withoutUndefined(given) }
  for (const name of POSITIVE) checkNumber(name, settings[name], 1)
  for (const name of NOT_NEGATIVE) checkNumber(name, settings[name], 0)
  return settings
}

function withoutUndefined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>
}

function checkNumber(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new EngineError('OPTIONS_INVALID', `${name}: expected a whole number of at least ${least}, got ${value}`)
}
