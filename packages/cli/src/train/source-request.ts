// Where posts come from, as asked for: files and data sets, with their columns, label maps and weights.
import { CliError } from '../errors.ts'
import { type LabelMap, parseLabelMap } from '../labelled/match-labels.ts'
import { type Given, type GivenValues, isPlainObject, readNumber, readText, refuseValue } from './given-values.ts'

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
  /** Only its texts are read. */
  readonly unlabelled?: boolean
}

export interface TrainSource extends SourceRequest {
  /** How often each post comes in an epoch; a fraction takes so many of them, always the same. */
  readonly weight: number
  /** Only so many of its posts: datasets' `.shuffle(seed=42).select(range(samples))`. */
  readonly samples: number | null
}

/** What holds for all sources that don't say otherwise. */
export type SharedSettings = Pick<SourceRequest, 'textColumn' | 'labelColumn' | 'labelMap'>

export function readShared({ text_column, label_column, label_map }: GivenValues): SharedSettings {
  return {
    textColumn: text_column === undefined ? null : readText(text_column),
    labelColumn: label_column === undefined ? null : readText(label_column),
    labelMap: label_map === undefined ? new Map() : readLabelMap(label_map),
  }
}

/** `mixed=neutral,4=positive`, or the same as keys and values. */
function readLabelMap(given: Given): LabelMap {
  if (!isPlainObject(given.value)) return parseLabelMap(readText(given))
  return new Map(Object.entries(given.value).map(([from, to]) => [from, readText({ value: to, where: given.where })]))
}

export function fileSource(path: string, shared: SharedSettings): SourceRequest {
  return { ...shared, place: { kind: 'file', path } }
}

export function datasetPlace({ dataset, dataset_config, dataset_revision }: GivenValues, split: string): SourcePlace {
  return {
    kind: 'dataset',
    name: readText(dataset as Given),
    config: dataset_config === undefined ? null : readText(dataset_config),
    revision: dataset_revision === undefined ? null : readText(dataset_revision),
    split,
  }
}

export function readSamples(given: Given): number {
  return readNumber(given, 'a whole number of posts from 1', { integer: true, least: 1 })
}

/** Entries of a recipe. `split` is what a data set gives unless the entry says otherwise. */
export function readSources(given: Given, split: string, shared: SharedSettings): readonly TrainSource[] {
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
  shared: SharedSettings,
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
    samples: parts.samples === undefined ? null : readSamples(parts.samples),
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
