// The recipe as a model's lineage has it: complete, and without the paths of this machine, since models become public.
import { basename, resolve } from 'node:path'
import { recipeFromArguments } from '@renown/ml'
import { type GivenValues, isPlainObject } from './given-values.ts'
import type { HoldOut } from './plan-gate.ts'
import type { TrainPlan } from './plan-train.ts'
import { RECIPE_ONLY_KEYS, TRAIN_OPTIONS } from './train-options.ts'

/** Of the result, not of how it came about. */
const LEFT_OUT: readonly string[] = [
  'output',
  'name',
  'license',
  'report_texts',
  'push_to_hub',
  'hub_model_id',
  'hub_private_repo',
  'resume_from_checkpoint',
  'gate',
  'gate_policy',
  'champion',
  'best',
  'gate_file',
]
const PLACES: readonly string[] = ['train_file', 'validation_file', 'test_file', 'file', 'dataset', 'base', 'teacher']

/** What was asked for beside the training arguments, every one of those, defaults included, and what was held out. */
export function describeRecipe(
  { given, settings }: Pick<TrainPlan, 'given' | 'settings'>,
  holdOut: HoldOut | null,
): Record<string, unknown> {
  const values = Object.entries(recipeFromArguments(settings)).filter(([name]) => !LEFT_OUT.includes(name))
  const held = holdOut === null ? { gate_share: 0 } : { gate_share: holdOut.share, gate_seed: holdOut.seed }
  const { gate_share: _share, gate_seed: _seed, ...wishes } = describeWishes(given)
  return { ...wishes, ...held, ...Object.fromEntries(values) }
}

function describeWishes(given: GivenValues): Record<string, unknown> {
  const own = [...Object.keys(TRAIN_OPTIONS), ...RECIPE_ONLY_KEYS].filter((name) => !LEFT_OUT.includes(name))
  return Object.fromEntries(
    own.flatMap((name) => (given[name] === undefined ? [] : [[name, publicValue(name, given[name].value)]])),
  )
}

function publicValue(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => publicValue(name, item))
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, publicValue(key, part)]))
  }
  return typeof value === 'string' && PLACES.includes(name) ? publicPlace(name, value) : value
}

/** A file or folder by its last name; names of the Hub and of models stay. */
function publicPlace(name: string, place: string): string {
  const isPath = name.endsWith('file') || /^[./~]|^[A-Za-z]:[\\/]/.test(place)
  return isPath ? basename(resolve(place)) : place
}
