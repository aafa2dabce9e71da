// Which posts a training is to use, as asked for: sources, splits, labels.
import { GATE_POLICY, type GatePolicy } from '@renown/models'
import { CliError } from '../errors.ts'
import {
  type Given,
  type GivenValues,
  readNames,
  readNumber,
  readSwitch,
  readText,
  refuseValue,
} from './given-values.ts'
import { type HoldOut, isGated, planHoldOut } from './plan-gate.ts'
import {
  datasetPlace,
  fileSource,
  readSamples,
  readShared,
  readSources,
  type SharedSettings,
  type SourceRequest,
  type TrainSource,
} from './source-request.ts'

export type ValidationRequest =
  | { readonly kind: 'source'; readonly source: SourceRequest }
  /** A share of the training posts. */
  | { readonly kind: 'share'; readonly share: number; readonly stratified: boolean }

export interface DataRequest {
  readonly train: readonly TrainSource[]
  /** Posts that are learnt from a teacher alone. */
  readonly unlabelled: readonly TrainSource[]
  /** Posts to make for each post there is, for the teacher to score; 0: none. */
  readonly augmentation: number
  readonly validation: ValidationRequest
  /** Null: none. A data set's own test split may be missing, a file may not. */
  readonly test: SourceRequest | null
  readonly labels: readonly string[] | null
  readonly skipUnknown: boolean
  readonly dropLeaks: boolean
  /** Which posts are kept from training, for a gate; null: none. */
  readonly holdOut: HoldOut | null
  /** Posts to judge on instead of those; null: none. */
  readonly gateFile: SourceRequest | null
}

/** Throws USAGE_INVALID where nothing is there to train on or to validate on, or where two wishes contradict. */
export function planData(given: GivenValues, policy: GatePolicy = GATE_POLICY): DataRequest {
  const shared = readShared(given)
  const train = planTrain(given, shared)
  return {
    train,
    unlabelled: planUnlabelled(given, shared),
    augmentation: planAugmentation(given),
    validation: planValidation(given, train, shared),
    test: planTest(given, train, shared),
    labels: given.labels === undefined ? null : readLabels(given.labels),
    skipUnknown: given.skip_unknown !== undefined && readSwitch(given.skip_unknown),
    dropLeaks: given.drop_leaks !== undefined && readSwitch(given.drop_leaks),
    holdOut: planHoldOut(given, policy),
    gateFile: given.gate_file === undefined || !isGated(given) ? null : fileSource(readText(given.gate_file), shared),
  }
}

function readLabels(given: Given): readonly string[] {
  const labels = readNames(given)
  if (labels.length < 2) refuseValue(given, 'two labels or more')
  const names = new Set(labels.map((label) => label.toLowerCase()))
  return names.size === labels.length ? labels : refuseValue(given, 'labels that differ')
}

function planTrain(given: GivenValues, shared: SharedSettings): readonly TrainSource[] {
  const ways = [given.train, given.train_file, given.dataset].filter((way) => way !== undefined)
  if (ways.length > 1) {
    const names = ways.map(({ where }) => where).join(' and ')
    throw new CliError('USAGE_INVALID', `${names}: expected one of them; a recipe's "train" mixes several sources`)
  }
  const sources = listTrain(given, shared)
  const samples = given.train_samples
  if (samples === undefined) return sources
  if (sources.length > 1) {
    throw new CliError(
      'USAGE_INVALID',
      `${samples.where}: there are ${sources.length} sources; give each its "samples"`,
    )
  }
  const count = readSamples(samples)
  return sources.map((source) => ({ ...source, samples: count }))
}

function listTrain(given: GivenValues, shared: SharedSettings): readonly TrainSource[] {
  if (given.train !== undefined) return readSources(given.train, 'train', shared)
  if (given.train_file !== undefined) return listFiles(given.train_file, shared)
  if (given.dataset === undefined) {
    throw new CliError('USAGE_INVALID', 'nothing to train on: expected --train-file, --dataset, or "train" in a recipe')
  }
  return [{ ...shared, place: datasetPlace(given, 'train'), weight: 1, samples: null }]
}

function listFiles({ value, where }: Given, shared: SharedSettings): readonly TrainSource[] {
  const files: readonly unknown[] = Array.isArray(value) ? value : [value]
  return files.map((file) => ({ ...fileSource(readText({ value: file, where }), shared), weight: 1, samples: null }))
}

function planUnlabelled(given: GivenValues, shared: SharedSettings): readonly TrainSource[] {
  const { unlabelled, unlabelled_file: files } = given
  if (unlabelled !== undefined && files !== undefined) {
    throw new CliError('USAGE_INVALID', `${unlabelled.where} and ${files.where}: expected one of them`)
  }
  const asked = unlabelled ?? files
  if (asked === undefined) return []
  if (given.teacher === undefined) {
    throw new CliError(
      'USAGE_INVALID',
      `${asked.where}: posts without labels are learnt from a teacher alone: expected --teacher beside it`,
    )
  }
  const sources = unlabelled === undefined ? listFiles(asked, shared) : readSources(unlabelled, 'train', shared)
  return sources.map((source) => ({ ...source, unlabelled: true }))
}

const MOST_MADE = 20

function planAugmentation({ augmentation_factor: asked, teacher }: GivenValues): number {
  if (asked === undefined) return 0
  const factor = readNumber(asked, `a number of posts for each post, from 0 to ${MOST_MADE}`, {
    least: 0,
    most: MOST_MADE,
  })
  if (factor === 0 || teacher !== undefined) return factor
  throw new CliError(
    'USAGE_INVALID',
    `${asked.where}: posts that are made have no labels and are learnt from a teacher alone: expected --teacher beside it`,
  )
}

function planValidation(given: GivenValues, train: readonly TrainSource[], shared: SharedSettings): ValidationRequest {
  const ways = [given.validation, given.validation_file, given.validation_split].filter((way) => way !== undefined)
  if (ways.length > 1) {
    throw new CliError('USAGE_INVALID', `${ways.map(({ where }) => where).join(' and ')}: expected one of them`)
  }
  if (given.validation_split !== undefined) return planShare(given, given.validation_split)
  for (const name of ['stratified', 'random_split'] as const) {
    if (given[name] !== undefined) {
      throw new CliError('USAGE_INVALID', `${given[name].where} says how to split: expected --validation-split with it`)
    }
  }
  const source = namedSource(given, 'validation', shared) ?? siblingOf(train, 'validation')
  if (source !== null) return { kind: 'source', source }
  throw new CliError(
    'USAGE_INVALID',
    'nothing to validate on: expected --validation-file, or --validation-split 0.1 to take it from the training posts',
  )
}

function planShare(given: GivenValues, share: Given): ValidationRequest {
  const random = given.random_split !== undefined && readSwitch(given.random_split)
  const stratified = given.stratified === undefined ? !random : readSwitch(given.stratified)
  if (random && given.stratified !== undefined && stratified) {
    throw new CliError(
      'USAGE_INVALID',
      `${given.stratified.where} and ${given.random_split?.where}: expected one of them`,
    )
  }
  return { kind: 'share', share: readNumber(share, 'a share between 0 and 1', { above: 0, below: 1 }), stratified }
}

function planTest(given: GivenValues, train: readonly TrainSource[], shared: SharedSettings): SourceRequest | null {
  if (given.test !== undefined && given.test_file !== undefined) {
    throw new CliError('USAGE_INVALID', `${given.test.where} and ${given.test_file.where}: expected one of them`)
  }
  return namedSource(given, 'test', shared) ?? siblingOf(train, 'test')
}

function namedSource(given: GivenValues, name: 'validation' | 'test', shared: SharedSettings): SourceRequest | null {
  const file = given[`${name}_file`]
  if (file !== undefined) return fileSource(readText(file), shared)
  const entry = given[name]
  if (entry === undefined) return null
  const [source, ...more] = readSources(entry, name, shared)
  if (source === undefined || more.length > 0) return refuseValue(entry, 'one source')
  if (source.weight !== 1 || source.samples !== null) return refuseValue(entry, 'a source without weight and samples')
  const { weight: _weight, samples: _samples, ...request } = source
  return request
}

/** The other split of the data set that is trained on, if it is the only source. */
function siblingOf(train: readonly TrainSource[], split: string): SourceRequest | null {
  const [only, ...more] = train
  if (only === undefined || more.length > 0 || only.place.kind !== 'dataset') return null
  const { textColumn, labelColumn, labelMap } = only
  return { textColumn, labelColumn, labelMap, place: { ...only.place, split } }
}
