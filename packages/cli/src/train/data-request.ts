// Which posts a training is to use, as asked for: sources, splits, labels.
import { CliError } from '../errors.ts'
import { type LabelMap, parseLabelMap } from '../labelled/match-labels.ts'
import {
  type Given,
  type GivenValues,
  isPlainObject,
  readNames,
  readNumber,
  readSwitch,
  readText,
  refuseValue,
} from './given-values.ts'

export type SourcePlace =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'dataset'
      readonly name: string
      readonly config: string | null
      readonly revision: string | null
      readonly split: string
    }

export interface SourceRequest {
  readonly place: SourcePlace
  readonly textColumn: string | null
  readonly labelColumn: string | null
  readonly labelMap: LabelMap
}

export interface TrainSource extends SourceRequest {
  /** How often each post comes in an epoch; a fraction takes so many of them, always the same. */
  readonly weight: number
  /** Only so many of its posts: datasets' `.shuffle(seed=42).select(range(samples))`. */
  readonly samples: number | null
}

export type ValidationRequest =
  | { readonly kind: 'source'; readonly source: SourceRequest }
  /** A share of the training posts. */
  | { readonly kind: 'share'; readonly share: number; readonly stratified: boolean }

export interface DataRequest {
  readonly train: readonly TrainSource[]
  readonly validation: ValidationRequest
  /** Null: none. A data set's own test split may be missing, a file may not. */
  readonly test: SourceRequest | null
  readonly labels: readonly string[] | null
  readonly skipUnknown: boolean
  readonly dropLeaks: boolean
}

/** Throws USAGE_INVALID where nothing is there to train on or to validate on, or where two wishes contradict. */
export function planData(given: GivenValues): DataRequest {
  const shared = readShared(given)
  const train = planTrain(given, shared)
  return {
    train,
    validation: planValidation(given, train, shared),
    test: planTest(given, train, shared),
    labels: given.labels === undefined ? null : readLabels(given.labels),
    skipUnknown: given.skip_unknown !== undefined && readSwitch(given.skip_unknown),
    dropLeaks: given.drop_leaks !== undefined && readSwitch(given.drop_leaks),
  }
}

type Shared = Pick<SourceRequest, 'textColumn' | 'labelColumn' | 'labelMap'>

function readShared({ text_column, label_column, label_map }: GivenValues): Shared {
  return {
    textColumn: text_column === undefined ? null : readText(text_column),
    labelColumn: label_column === undefined ? null : readText(label_column),
    labelMap: label_map === undefined ? new Map() : readLabelMap(label_map),
  }
}

function readLabels(given: Given): readonly string[] {
  const labels = readNames(given)
  if (labels.length < 2) refuseValue(given, 'two labels or more')
  const names = new Set(labels.map((label) => label.toLowerCase()))
  return names.size === labels.length ? labels : refuseValue(given, 'labels that differ')
}

/** `mixed=neutral,4=positive`, or the same as keys and values. */
function readLabelMap(given: Given): LabelMap {
  if (!isPlainObject(given.value)) return parseLabelMap(readText(given))
  return new Map(Object.entries(given.value).map(([from, to]) => [from, readText({ value: to, where: given.where })]))
}

function planTrain(given: GivenValues, shared: Shared): readonly TrainSource[] {
  const ways = [given.train, given.train_file, given.dataset].filter((way) => way !== undefined)
  if (ways.length > 1) {
    const names = ways.map(({ where }) => where).join(' and ')
    throw new CliError('USAGE_INVALID', `${names}: expected one of them; a recipe's "train" mixes several sources`)
  }
  const sources = listTrain(given, shared)
  const [samples, ...rest] = given.train_samples === undefined ? [] : [given.train_samples]
  if (samples === undefined || rest.length > 0) return sources
  if (sources.length > 1) {
    throw new CliError(
      'USAGE_INVALID',
      `${samples.where}: there are ${sources.length} sources; give each its "samples"`,
    )
  }
  const count = readNumber(samples, 'a whole number of posts from 1', { integer: true, least: 1 })
  return sources.map((source) => ({ ...source, samples: count }))
}

function listTrain(given: GivenValues, shared: Shared): readonly TrainSource[] {
  if (given.train !== undefined) return readSources(given.train, 'train', shared)
  if (given.train_file !== undefined) {
    const files = Array.isArray(given.train_file.value) ? given.train_file.value : [given.train_file.value]
    const { where } = given.train_file
    return files.map((value) => ({ ...fileSource(readText({ value, where }), shared), weight: 1, samples: null }))
  }
  if (given.dataset === undefined) {
    throw new CliError('USAGE_INVALID', 'nothing to train on: expected --train-file, --dataset, or "train" in a recipe')
  }
  return [{ ...shared, place: datasetPlace(given, 'train'), weight: 1, samples: null }]
}

function fileSource(path: string, shared: Shared): SourceRequest {
  return { ...shared, place: { kind: 'file', path } }
}

function datasetPlace({ dataset, dataset_config, dataset_revision }: GivenValues, split: string): SourcePlace {
  return {
    kind: 'dataset',
    name: readText(dataset as Given),
    config: dataset_config === undefined ? null : readText(dataset_config),
    revision: dataset_revision === undefined ? null : readText(dataset_revision),
    split,
  }
}

function planValidation(given: GivenValues, train: readonly TrainSource[], shared: Shared): ValidationRequest {
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

function planTest(given: GivenValues, train: readonly TrainSource[], shared: Shared): SourceRequest | null {
  if (given.test !== undefined && given.test_file !== undefined) {
    throw new CliError('USAGE_INVALID', `${given.test.where} and ${given.test_file.where}: expected one of them`)
  }
  return namedSource(given, 'test', shared) ?? siblingOf(train, 'test')
}

function namedSource(given: GivenValues, name: 'validation' | 'test', shared: Shared): SourceRequest | null {
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

function readSources(given: Given, split: string, shared: Shared): readonly TrainSource[] {
  const entries = given.value as readonly Readonly<Record<string, unknown>>[]
  if (entries.length === 0) refuseValue(given, 'at least one source')
  return entries.map((entry, index) => {
    const where = entries.length > 1 ? `${given.where}, entry ${index + 1}` : given.where
    return readSource(where, entry, split, shared)
  })
}

function readSource(
  where: string,
  entry: Readonly<Record<string, unknown>>,
  split: string,
  shared: Shared,
): TrainSource {
  const parts: GivenValues = Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, { value, where: `${key} of ${where}` }]),
  )
  const own = readShared(parts)
  return {
    place: readPlace(where, parts, split),
    textColumn: own.textColumn ?? shared.textColumn,
    labelColumn: own.labelColumn ?? shared.labelColumn,
    labelMap: parts.label_map === undefined ? shared.labelMap : own.labelMap,
    weight:
      parts.weight === undefined
        ? 1
        : readNumber(parts.weight, 'a number above 0, at most 1000', { above: 0, most: 1000 }),
    samples:
      parts.samples === undefined
        ? null
        : readNumber(parts.samples, 'a whole number of posts from 1', { integer: true, least: 1 }),
  }
}

function readPlace(where: string, parts: GivenValues, split: string): SourcePlace {
  if ((parts.file === undefined) === (parts.dataset === undefined)) {
    throw new CliError('USAGE_INVALID', `${where}: expected either "file" or "dataset"`)
  }
  if (parts.file === undefined) {
    const named = { dataset: parts.dataset, dataset_config: parts.config, dataset_revision: parts.revision }
    return datasetPlace(named, parts.split === undefined ? split : readText(parts.split))
  }
  for (const key of ['config', 'revision', 'split'] as const) {
    if (parts[key] !== undefined) throw new CliError('USAGE_INVALID', `${parts[key].where}: a file has none`)
  }
  return { kind: 'file', path: readText(parts.file) }
}
