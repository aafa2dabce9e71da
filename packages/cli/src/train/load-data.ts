// From what was asked for to labelled rows: labels decided, unknown ones refused, posts picked.
import { shuffledIndices } from '@renown/ml'
import type { TrainingDataSet } from '@renown/models'
import { CliError } from '../errors.ts'
import { formatCount } from '../format/numbers.ts'
import { countRejected, placeOf, type RowPlace } from '../labelled/labelled-data-set.ts'
import { checkUnknown, createLabelMatcher, type LabelMatcher } from '../labelled/match-labels.ts'
import { planLabels } from '../labelled/plan-labels.ts'
import type { DataRequest } from './data-request.ts'
import { type OpenedSource, openSource, type SourceContext } from './open-sources.ts'
import type { SourceRequest } from './source-request.ts'

export interface LabelledRow {
  readonly text: string
  /** Index into the labels. */
  readonly label: number
  readonly place: RowPlace
}

/** Rows of one split, with what the lineage says of where they are from. */
export interface LoadedSplit {
  readonly rows: readonly LabelledRow[]
  readonly name: string
  readonly splitName: string
  readonly config: string | null
  readonly revision: string | null
  readonly sha256: string
}

export interface LoadedTrainSplit extends LoadedSplit {
  readonly weight: number
}

export interface LoadedData {
  readonly labels: readonly string[]
  readonly labelsFrom: 'asked' | 'base' | 'data set' | 'data'
  readonly train: readonly LoadedTrainSplit[]
  /** Null where it is to be taken from the training posts. */
  readonly validation: LoadedSplit | null
  readonly test: LoadedSplit | null
  /** What a person should know, in sentences. */
  readonly notices: readonly string[]
}

/** `base` has the labels of the model to start from, if they are names. */
export async function loadData(
  request: DataRequest,
  base: readonly string[] | null,
  context: SourceContext,
): Promise<LoadedData> {
  const train = await openTrain(request, context)
  const { validation, test } = await openOthers(request, context)
  const { labels, from } = chooseLabels(request, base, train)
  const notices: string[] = []
  const load = (opened: Opened<SourceRequest>, samples: number | null = null): LoadedSplit => {
    const loaded = toSplit(opened, labels, samples, request.skipUnknown)
    notices.push(...loaded.notices)
    return loaded.split
  }
  return {
    labels,
    labelsFrom: from,
    train: train.map((each) => ({ ...load(each, each.source.samples), weight: each.source.weight })),
    validation: validation === null ? null : load(validation),
    test: test === null ? null : load(test),
    notices,
  }
}

interface Opened<S extends SourceRequest> {
  readonly source: S
  readonly opened: OpenedSource
}

async function openTrain(
  request: DataRequest,
  context: SourceContext,
): Promise<readonly Opened<DataRequest['train'][number]>[]> {
  const sources: Opened<DataRequest['train'][number]>[] = []
  for (const source of request.train) {
    const opened = await openSource(source, context)
    if (opened === null) refuseSplit(source)
    sources.push({ source, opened })
  }
  return sources
}

function refuseSplit({ place }: SourceRequest): never {
  const name = place.kind === 'dataset' ? place.name : place.path
  const split = place.kind === 'dataset' ? place.split : 'train'
  const way =
    split === 'validation' ? ': take it from the training posts with --validation-split 0.1, or give a file' : ''
  throw new CliError('INPUT_NOT_FOUND', `the data set "${name}" has no split "${split}"${way}`)
}

async function openOthers(
  request: DataRequest,
  context: SourceContext,
): Promise<{ validation: Opened<SourceRequest> | null; test: Opened<SourceRequest> | null }> {
  const validation = request.validation.kind === 'source' ? request.validation.source : null
  const openedValidation = validation === null ? null : await openSource(validation, context)
  if (validation !== null && openedValidation === null) refuseSplit(validation)
  const openedTest = request.test === null ? null : await openSource(request.test, context)
  return {
    validation:
      validation === null || openedValidation === null ? null : { source: validation, opened: openedValidation },
    test: request.test === null || openedTest === null ? null : { source: request.test, opened: openedTest },
  }
}

function chooseLabels(
  request: DataRequest,
  base: readonly string[] | null,
  train: readonly Opened<SourceRequest>[],
): { labels: readonly string[]; from: LoadedData['labelsFrom'] } {
  const [first] = train
  if (first === undefined) throw new CliError('DATA_EMPTY', 'no training posts: expected at least one source')
  return planLabels(first.opened.split.labels, {
    ...(request.labels === null ? {} : { asked: request.labels }),
    ...(base === null ? {} : { base }),
    ...(first.opened.labels === null ? {} : { dataSet: first.opened.labels }),
    map: first.source.labelMap,
  })
}

interface RawRow {
  readonly text: string
  readonly label: string
  readonly place: RowPlace
}

function toSplit(
  { source, opened }: Opened<SourceRequest>,
  labels: readonly string[],
  samples: number | null,
  skip: boolean,
): { readonly split: LoadedSplit; readonly notices: readonly string[] } {
  const { split, name, splitName, config, revision } = opened
  const title = splitName === 'all' ? name : `${name}, ${splitName}`
  const raw = split.texts.map(
    (text, row): RawRow => ({ text, label: split.labels[row] ?? '', place: placeOf(split, row) }),
  )
  const matcher = createLabelMatcher(labels, source.labelMap, opened.labels ?? undefined)
  const { rows, unknown } = classifyRows(samples === null ? raw : pickSamples(raw, samples), matcher)
  const noted = checkUnknown(unknown, labels, { skip, left: rows.length })
  const notices = [describeRejected(opened), noted].filter((notice) => notice !== null)
  return {
    split: { rows, name, splitName, config, revision, sha256: split.sha256 },
    notices: notices.map((notice) => `${title}: ${notice}`),
  }
}

const PICK_SEED = 42

/** What datasets' `.shuffle(seed=42).select(range(count))` picks, in that order. */
function pickSamples(rows: readonly RawRow[], count: number): readonly RawRow[] {
  return [...shuffledIndices(rows.length, PICK_SEED).slice(0, count)].map((row) => rows[row] as RawRow)
}

function classifyRows(
  raw: readonly RawRow[],
  matcher: LabelMatcher,
): { readonly rows: readonly LabelledRow[]; readonly unknown: ReadonlyMap<string, number> } {
  const rows: LabelledRow[] = []
  const unknown = new Map<string, number>()
  for (const { text, label: name, place } of raw) {
    const label = matcher.match(name)
    if (label === null) unknown.set(name, (unknown.get(name) ?? 0) + 1)
    else rows.push({ text, label, place })
  }
  return { rows, unknown }
}

function describeRejected({ split: { rejected } }: OpenedSource): string | null {
  const count = countRejected(rejected)
  if (count === 0) return null
  const reasons = [...rejected].map(([code, { places }]) => `${code}, first in row ${places[0]?.row ?? '?'}`)
  return `${formatCount(count)} rows without a usable text are left out (${reasons.join('; ')})`
}

/** What the lineage says of a split. */
export function describeSplit({ name, config, revision, splitName, rows, sha256 }: LoadedSplit): TrainingDataSet {
  return {
    name,
    ...(config === null ? {} : { config }),
    ...(revision === null ? {} : { revision }),
    split: splitName,
    rows: rows.length,
    sha256,
  }
}
