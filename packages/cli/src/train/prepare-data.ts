// The posts of a training: loaded, split, looked over, and without leaks where that was asked for.
import {
  type DataReport,
  dropLeaks,
  findLeaks,
  type LabelledTexts,
  type Leaks,
  reportData,
  type SplitName,
} from '@renown/ml'
import { CliError } from '../errors.ts'
import { formatCount } from '../format/numbers.ts'
import { describeDataReport } from '../labelled/describe-data-report.ts'
import type { RowPlace } from '../labelled/labelled-data-set.ts'
import type { DataRequest } from './data-request.ts'
import { type LabelledRow, type LoadedData, type LoadedSplit, type LoadedTrainSplit, loadData } from './load-data.ts'
import { makePosts } from './make-posts.ts'
import type { TrainingBase } from './open-base.ts'
import type { SourceContext } from './open-sources.ts'
import { takeValidation } from './take-validation.ts'

export interface PreparedData extends LoadedData {
  readonly validation: LoadedSplit
  /** Of the posts before leaks were dropped. */
  readonly report: DataReport
}

export interface DataOptions extends SourceContext {
  readonly say: (line: string) => void
  /** Warnings alone. */
  readonly quiet: boolean
}

/** Throws what loading throws, and what `reportData` throws on data that nothing can be learnt from. */
export async function prepareData(
  request: DataRequest,
  base: TrainingBase,
  options: DataOptions,
): Promise<PreparedData> {
  const loaded = await loadData(request, base.labels, options)
  for (const notice of loaded.notices) options.say(notice)
  const data = splitOff(keepFromGate(loaded, options.say), request)
  const report = reportOn(data, base)
  const lines = describeDataReport(report, { placeOf: (split, row) => rowsOf(data, split)[row]?.place ?? NOWHERE })
  for (const line of options.quiet ? lines.filter((each) => each.startsWith('Warning')) : lines) options.say(line)
  if (report.warnings.some(({ code }) => code === 'NOT_DECODED')) {
    options.say('Decode such texts, in training and wherever the model is served, with --preparation tweet or cardiff')
  }
  const left = request.dropLeaks ? withoutRows(data, report.leaks) : data
  const dropped = countRows(data) - countRows(left)
  if (dropped > 0) options.say(`${formatCount(dropped)} training posts are left out as leaks`)
  else if (report.leaks.some(({ leaks }) => leaks.length > 0)) options.say('Leave such posts out with --drop-leaks')
  const unlabelled = withoutLabelled(left, options.say)
  const made = makePosts([...left.train, ...unlabelled], request.augmentation, options.say)
  return { ...left, unlabelled: [...unlabelled, ...made], report }
}

/** Posts whose text is labelled, evaluated on or held out have nothing to add, or would ask about what was learnt. */
function withoutLabelled(data: SplitData, say: (line: string) => void): readonly LoadedTrainSplit[] {
  if (data.unlabelled.length === 0) return []
  const { train, validation, test, held, gateFile } = data
  const known = [...train, validation, test, held, gateFile].flatMap((split) => split?.rows ?? [])
  const near = findLeaks(textsOf(data.unlabelled.flatMap(({ rows }) => rows)), textsOf(known))
  const count = near.leaks.length
  if (count > 0) say(`${formatCount(count)} posts without labels are left out: they nearly equal one of the others`)
  return withoutRows({ train: data.unlabelled }, [near]).train
}

function textsOf(rows: readonly LabelledRow[]): string[] {
  return rows.map(({ text }) => text)
}

/** Posts that nearly equal one that was held out are not trained on either: the gate would ask about what was learnt. */
function keepFromGate(loaded: LoadedData, say: (line: string) => void): LoadedData {
  if (loaded.held === null) return loaded
  const near = findLeaks(textsOf(loaded.train.flatMap(({ rows }) => rows)), textsOf(loaded.held.rows))
  const count = near.leaks.length
  if (count > 0) say(`${formatCount(count)} training posts are left out: they nearly equal one that is held out`)
  return withoutRows(loaded, [near])
}

interface SplitData extends LoadedData {
  readonly validation: LoadedSplit
}

function splitOff(loaded: LoadedData, { validation }: DataRequest): SplitData {
  if (loaded.validation !== null) return { ...loaded, validation: loaded.validation }
  if (validation.kind !== 'share') throw new CliError('DATA_EMPTY', 'there are no validation posts')
  return { ...loaded, ...takeValidation(loaded.train, validation, loaded.labels) }
}

function reportOn(data: SplitData, { encoder, preparation, maxLength }: TrainingBase): DataReport {
  return reportData({
    train: toTexts(data.train.flatMap(({ rows }) => rows)),
    validation: toTexts(data.validation.rows),
    ...(data.test === null ? {} : { test: toTexts(data.test.rows) }),
    labels: data.labels,
    preparation,
    encode: (text) => encoder.encodeTruncated(text, Number.POSITIVE_INFINITY),
    window: maxLength,
  })
}

const NOWHERE: RowPlace = { file: '', row: 0 }

function rowsOf({ train, validation, test }: SplitData, split: SplitName): readonly LabelledRow[] {
  if (split === 'train') return train.flatMap(({ rows }) => rows)
  return split === 'validation' ? validation.rows : (test?.rows ?? [])
}

function toTexts(rows: readonly LabelledRow[]): LabelledTexts {
  return { texts: textsOf(rows), classes: rows.map(({ label }) => label) }
}

function countRows({ train }: Pick<LoadedData, 'train'>): number {
  return train.reduce((sum, { rows }) => sum + rows.length, 0)
}

function withoutRows<Data extends Pick<LoadedData, 'train'>>(data: Data, leaks: readonly Leaks[]): Data {
  if (leaks.every((found) => found.leaks.length === 0)) return data
  const kept = new Set(dropLeaks(countRows(data), ...leaks))
  let start = 0
  const train = data.train.map((source) => {
    const from = start
    start += source.rows.length
    return { ...source, rows: source.rows.filter((_, index) => kept.has(from + index)) }
  })
  return { ...data, train }
}
