// What a checkpoint knows of its run: enough to go on, and to refuse to go on with something else.
import { createHash } from 'node:crypto'
import { recipeFromArguments, type TrainingArguments } from '../arguments/training-arguments.ts'
import { INITIAL_STATE, type RunState } from '../run-state.ts'
import type { TrainOptions } from '../train-options.ts'
import type { TrainingExample } from '../training-example.ts'
import { parseJson, parseObject } from './json-values.ts'

export const RECORD_FORMAT = 1

/** The content of `run.json`. */
export interface RunRecord {
  readonly format: typeof RECORD_FORMAT
  /** As a recipe writes them. */
  readonly arguments: Readonly<Record<string, unknown>>
  readonly labels: readonly string[]
  /** SHA-256 over token ids, labels, teachers and row numbers, in order. */
  readonly data: string
  readonly evaluation: string | null
  readonly identity: Readonly<Record<string, string>>
  readonly threads: number
  readonly state: RunState
}

/** Undefined where the text isn't such a record, field by field. */
export function parseRecord(text: string): RunRecord | undefined {
  const record = parseObject(parseJson(text))
  const state = parseObject(record.state)
  const isSound =
    record.format === RECORD_FORMAT &&
    [record.arguments, record.identity].every((value) => typeof value === 'object' && value !== null) &&
    Array.isArray(record.labels) &&
    typeof record.data === 'string' &&
    typeof record.threads === 'number' &&
    Object.entries(INITIAL_STATE).every(([name, initial]) => isLike(state[name], initial))
  // Every field has just been looked at.
  return isSound ? (record as unknown as RunRecord) : undefined
}

function isLike(value: unknown, initial: unknown): boolean {
  if (initial === null) return value === null || Number.isFinite(value)
  if (Array.isArray(initial)) return Array.isArray(value)
  return typeof initial === 'number' ? Number.isFinite(value) : typeof value === typeof initial
}

export function describeRun(options: TrainOptions): Omit<RunRecord, 'state'> {
  return {
    format: RECORD_FORMAT,
    arguments: recipeFromArguments(options.arguments),
    labels: options.labels,
    data: fingerprintExamples(options.examples),
    evaluation: options.evaluation ? fingerprintExamples(options.evaluation) : null,
    identity: options.identity ?? {},
    threads: options.threads,
  }
}

export function fingerprintExamples(examples: readonly TrainingExample[]): string {
  const hash = createHash('sha256')
  for (const { ids, label, row, soft } of examples) {
    hash.update(Int32Array.of(ids.length, label, soft?.length ?? -1))
    hash.update(Float64Array.of(row, ...(soft ?? [])))
    hash.update(ids)
  }
  return hash.digest('hex')
}

/** Options that change what is reported and kept, and no weight on the way. */
const ALWAYS_FREE = [
  'logging_strategy',
  'logging_steps',
  'logging_first_step',
  'save_total_limit',
  'per_device_eval_batch_size',
  'resume_from_checkpoint',
  // Takes effect when everything is learnt, and is in no checkpoint.
  'logit_adjustment',
]
/** Free as long as no evaluation decides about the run or its final weights. */
const FREE_EVALUATION = ['eval_strategy', 'eval_steps', 'eval_delay', 'eval_on_start']
/** Free as long as the final weights don't come from checkpoints. */
const FREE_SAVING = ['save_strategy', 'save_steps']

/** Arguments that a resumed run may give other values than the run that it continues. */
export function freeArguments(settings: TrainingArguments): Set<string> {
  const isJudged = settings.metricForBestModel !== null
  const isAveraged = settings.averageCheckpoints > 0
  return new Set([...ALWAYS_FREE, ...(isJudged ? [] : FREE_EVALUATION), ...(isJudged || isAveraged ? [] : FREE_SAVING)])
}

/** What of the run differs from the one that was saved, in words; empty where it may go on. */
export function compareRuns(
  saved: RunRecord,
  current: Omit<RunRecord, 'state'>,
  settings: TrainingArguments,
): string[] {
  const free = freeArguments(settings)
  const names = Object.keys({ ...saved.arguments, ...current.arguments }).filter((name) => !free.has(name))
  const differences = names.flatMap((name) => compareValues(name, saved.arguments[name], current.arguments[name]))
  differences.push(...compareValues('labels', saved.labels, current.labels))
  if (saved.data !== current.data) differences.push('the training data')
  if (settings.metricForBestModel !== null && saved.evaluation !== current.evaluation) {
    differences.push('the evaluation data')
  }
  for (const name of Object.keys({ ...saved.identity, ...current.identity })) {
    differences.push(...compareValues(name, saved.identity[name], current.identity[name]))
  }
  return differences
}

function compareValues(name: string, saved: unknown, current: unknown): string[] {
  const [before, now] = [JSON.stringify(saved ?? null), JSON.stringify(current ?? null)]
  return before === now ? [] : [`${name} (${before} then, ${now} now)`]
}
