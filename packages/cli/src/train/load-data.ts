// From what was asked for to labelled rows: labels decided, unknown ones refused, posts picked.
import type { TrainingDataSet } from '@renown/models'
import { CliError } from '../errors.ts'
import type { RowPlace } from '../labelled/labelled-data-set.ts'
import { planLabels } from '../labelled/plan-labels.ts'
import type { DataRequest } from './data-request.ts'
import { joinSplits } from './join-splits.ts'
import { openSource, type SourceContext } from './open-sources.ts'
import type { SourceRequest, TrainSource } from './source-request.ts'
import { type Opened, type SplitRows, type Taking, takeRows } from './take-rows.ts'

export interface LabelledRow {
  readonly text: string
  /** Index into the labels; -1: none was read. */
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
  readonly unlabelled: readonly LoadedTrainSplit[]
  /** Null where it is to be taken from the training posts. */
  readonly validation: LoadedSplit | null
  readonly test: LoadedSplit | null
  /** What was held out of all sources for the gate; null where nothing was to be. */
  readonly held: LoadedSplit | null
  /** Posts to judge on instead. */
  readonly gateFile: LoadedSplit | null
  /** What a person should know, in sentences. */
  readonly notices: readonly string[]
}

/** `base` has the labels of the model to start from, if they are names. */
export async function loadData(
  request: DataRequest,
  base: readonly string[] | null,
  context: SourceContext,
): Promise<LoadedData> {
  const { holdOut, skipUnknown } = request
  const opened = await openTrain(request.train, context)
  const unlabelled = await openTrain(request.unlabelled, context)
  const others = await openOthers(request, context)
  const { labels, from } = chooseLabels(request, base, opened)
  const notices: string[] = []
  const take = (source: Opened<SourceRequest>, taking: Taking = {}): SplitRows => {
    const taken = takeRows(source, labels, taking, skipUnknown)
    notices.push(...taken.notices)
    return taken
  }
  const sources = opened.map((each) => take(each, { samples: each.source.samples, holdOut }))
  const train = sources.map(({ split }, index) => ({ ...split, weight: opened[index]?.source.weight ?? 1 }))
  const held = sources.flatMap((source) => source.held)
  return {
    labels,
    labelsFrom: from,
    train,
    unlabelled: unlabelled.map((each) => {
      const { samples, weight } = each.source
      return { ...take(each, { samples }).split, weight }
    }),
    validation: others.validation === null ? null : take(others.validation).split,
    test: others.test === null ? null : take(others.test).split,
    held: holdOut === null ? null : joinSplits(train, 'gate', held),
    gateFile: others.gateFile === null ? null : take(others.gateFile).split,
    notices,
  }
}

async function openTrain(
  requests: readonly TrainSource[],
  context: SourceContext,
): Promise<readonly Opened<TrainSource>[]> {
  const sources: Opened<TrainSource>[] = []
  for (const source of requests) {
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

type Others = Readonly<Record<'validation' | 'test' | 'gateFile', Opened<SourceRequest> | null>>

async function openOthers(request: DataRequest, context: SourceContext): Promise<Others> {
  const validation = request.validation.kind === 'source' ? await openOne(request.validation.source, context) : null
  if (request.validation.kind === 'source' && validation === null) refuseSplit(request.validation.source)
  return {
    validation,
    test: request.test === null ? null : await openOne(request.test, context),
    gateFile: request.gateFile === null ? null : await openOne(request.gateFile, context),
  }
}

async function openOne(source: SourceRequest, context: SourceContext): Promise<Opened<SourceRequest> | null> {
  const opened = await openSource(source, context)
  return opened === null ? null : { source, opened }
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

/** What the lineage says of a split; `role` is what a file is there for, which has no splits. */
export function describeSplit(
  { name, config, revision, splitName, rows, sha256 }: LoadedSplit,
  role: string,
): TrainingDataSet {
  return {
    name,
    ...(config === null ? {} : { config }),
    ...(revision === null ? {} : { revision }),
    split: splitName === 'all' ? role : splitName,
    rows: rows.length,
    sha256,
  }
}
