// What a training is asked to do: recipe and flags together, checked before anything is opened.
import { basename, resolve } from 'node:path'
import { GATE_POLICY, type GatePolicy } from '@renown/models'
import { CliError } from '../errors.ts'
import { PREPARATION_NAMES, type PreparationName } from '../preparations.ts'
import { type DataRequest, planData } from './data-request.ts'
import {
  type Given,
  type GivenValues,
  readChoice,
  readNames,
  readNumber,
  readSwitch,
  readText,
} from './given-values.ts'
import { planGate, type TrainGate } from './plan-gate.ts'
import { RECIPE_ONLY_KEYS, TRAIN_OPTIONS } from './train-options.ts'

export interface TrainRequest {
  readonly base: string
  /** What the lineage calls it; null: by its reference. */
  readonly baseName: string | null
  /** Null only where nothing is written. */
  readonly output: string | null
  readonly data: DataRequest
  /** Null: the base's. */
  readonly preparation: PreparationName | null
  /** Models whose mean probabilities are learnt from too; none: no distillation. */
  readonly teachers: readonly string[]
  /** Null: all that the process may use. */
  readonly threads: number | null
  readonly name: string | null
  /** Null: the base's. */
  readonly license: string | null
  readonly reportTexts: boolean
  /** Where the finished model is published; null: nowhere. */
  readonly push: PushRequest | null
  /** What the finished model is judged by; null: it is not. */
  readonly gate: TrainGate | null
  /** Training arguments as they were given, by snake_case name. */
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface PushRequest {
  /** `owner/name`, or `name` of the owner in HF_USERNAME. */
  readonly to: string
  readonly isPrivate: boolean
}

/** A wish of the first names makes those of the recipe for the same thing void. */
const REPLACED: readonly (readonly [by: readonly string[], replaced: readonly string[]])[] = [
  [
    ['dataset', 'train_file'],
    ['dataset', 'dataset_config', 'dataset_revision', 'train_file', 'train', 'train_samples'],
  ],
  [
    ['validation_file', 'validation_split'],
    ['validation_file', 'validation_split', 'validation', 'stratified', 'random_split'],
  ],
  [
    ['stratified', 'random_split'],
    ['stratified', 'random_split'],
  ],
  [['test_file'], ['test']],
  [['unlabelled_file'], ['unlabelled']],
  [
    ['group_by_length', 'train_sampling_strategy'],
    ['group_by_length', 'train_sampling_strategy'],
  ],
  [
    ['warmup_steps', 'warmup_ratio'],
    ['warmup_steps', 'warmup_ratio'],
  ],
  // max_steps would win over the flag.
  [['num_train_epochs'], ['max_steps']],
]

/** Flags go before the recipe. */
export function mergeGiven(recipe: GivenValues, flags: GivenValues): GivenValues {
  const kept: Record<string, Given | undefined> = { ...recipe }
  for (const [by, replaced] of REPLACED) {
    if (!by.some((name) => flags[name] !== undefined)) continue
    for (const name of replaced) delete kept[name]
  }
  return { ...kept, ...flags }
}

const OWN_NAMES: ReadonlySet<string> = new Set([...Object.keys(TRAIN_OPTIONS), ...RECIPE_ONLY_KEYS])

export interface RequestOptions {
  /** Nothing will be written. */
  readonly dryRun: boolean
  /** Of the gate. */
  readonly policy?: GatePolicy
}

/** Throws USAGE_INVALID. Training arguments are handed on as they are. */
export function planRequest(given: GivenValues, { dryRun, policy = GATE_POLICY }: RequestOptions): TrainRequest {
  const { base, base_name, output, preparation, teacher, threads, name, license, report_texts } = given
  if (base === undefined) {
    throw new CliError(
      'USAGE_INVALID',
      'nothing to start from: expected --base with default, a folder, or hf:owner/name',
    )
  }
  if (output === undefined && !dryRun) {
    throw new CliError('USAGE_INVALID', 'nowhere to write: expected --output with a folder, or --dry-run')
  }
  return {
    base: readText(base),
    baseName: base_name === undefined ? null : readText(base_name),
    output: output === undefined ? null : readText(output),
    data: planData(given, policy),
    preparation: preparation === undefined ? null : readChoice(preparation, PREPARATION_NAMES),
    teachers: teacher === undefined ? [] : readNames(teacher),
    threads:
      threads === undefined
        ? null
        : readNumber(threads, 'a whole number of threads from 1', { integer: true, least: 1, most: 1024 }),
    name: name === undefined ? null : readText(name),
    license: license === undefined ? null : readText(license),
    reportTexts: report_texts !== undefined && readSwitch(report_texts),
    push: planPush(given),
    gate: planGate(given, policy),
    arguments: trainingArguments(given),
  }
}

function planPush({ push_to_hub, hub_model_id, hub_private_repo, output }: GivenValues): PushRequest | null {
  if (push_to_hub === undefined || !readSwitch(push_to_hub)) {
    const [useless] = [hub_model_id, hub_private_repo].filter((given) => given !== undefined)
    if (useless === undefined) return null
    throw new CliError('USAGE_INVALID', `${useless.where}: expected --push-to-hub beside it`)
  }
  return {
    to:
      hub_model_id === undefined
        ? basename(resolve(output === undefined ? '.' : readText(output)))
        : readText(hub_model_id),
    isPrivate: hub_private_repo !== undefined && readSwitch(hub_private_repo),
  }
}

function trainingArguments(given: GivenValues): Readonly<Record<string, unknown>> {
  const entries = Object.entries(given).filter(([name, value]) => value !== undefined && !OWN_NAMES.has(name))
  return Object.fromEntries(entries.map(([name, value]) => [name, value?.value]))
}
