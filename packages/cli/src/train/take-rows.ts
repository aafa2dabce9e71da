// From an opened source to the rows that are taken of it: gate split held out, samples picked, labels matched.
import { gateSplit, shuffledIndices } from '@renown/ml'
import { formatCount } from '../format/numbers.ts'
import { countRejected, placeOf, type RowPlace } from '../labelled/labelled-data-set.ts'
import { checkUnknown, createLabelMatcher, type LabelMatcher } from '../labelled/match-labels.ts'
import type { LabelledRow, LoadedSplit } from './load-data.ts'
import type { OpenedSource } from './open-sources.ts'
import type { HoldOut } from './plan-gate.ts'
import type { SourceRequest } from './source-request.ts'

export interface Opened<S extends SourceRequest> {
  readonly source: S
  readonly opened: OpenedSource
}

/** Which rows of a source are taken; all unless said otherwise. */
export interface Taking {
  readonly samples?: number | null
  readonly holdOut?: HoldOut | null
}

export interface SplitRows {
  readonly split: LoadedSplit
  /** Rows that belong to the gate split. */
  readonly held: readonly LabelledRow[]
  readonly notices: readonly string[]
}

/** Throws LABELS_UNKNOWN. */
export function takeRows(
  { source, opened }: Opened<SourceRequest>,
  labels: readonly string[],
  { samples = null, holdOut = null }: Taking,
  skip: boolean,
): SplitRows {
  const { split, name, splitName, config, revision } = opened
  const title = splitName === 'all' ? name : `${name}, ${splitName}`
  const raw = split.texts.map(
    (text, row): RawRow => ({
      text,
      label: split.labels[row] ?? '',
      place: placeOf(split, row),
      number: split.numbers[row] ?? 0,
    }),
  )
  const matcher =
    source.unlabelled === true ? NO_LABELS : createLabelMatcher(labels, source.labelMap, opened.labels ?? undefined)
  const { gate, rest } = partRows(raw, holdOut)
  const total = holdOut === null ? raw.length + countRejected(split.rejected) : rest.length
  const { rows, unknown } = classifyRows(samples === null ? rest : pickSamples(rest, samples, total), matcher)
  const held = classifyRows(gate, matcher)
  const noted = checkUnknown(addCounts(unknown, held.unknown), labels, {
    skip,
    left: rows.length,
    source: title,
  })
  const notices = [describeRejected(opened), describeFew(samples, total), noted].filter((notice) => notice !== null)
  return {
    split: { rows, name, splitName, config, revision, sha256: split.sha256 },
    held: held.rows,
    notices: notices.map((notice) => `${title}: ${notice}`),
  }
}

const NO_LABELS: LabelMatcher = { match: () => -1 }

interface RawRow {
  readonly text: string
  readonly label: string
  readonly place: RowPlace
  /** Among the rows that samples are picked of, from 0. */
  readonly number: number
}

/** Held out before samples are picked: the gate split is that of all rows, and as many are trained on as were asked for. */
function partRows(
  rows: readonly RawRow[],
  holdOut: HoldOut | null,
): { readonly gate: readonly RawRow[]; readonly rest: readonly RawRow[] } {
  if (holdOut === null) return { gate: [], rest: rows }
  const texts = rows.map(({ text }) => text)
  const { gate, rest } = gateSplit(texts, holdOut)
  const take = (indices: Uint32Array): RawRow[] => Array.from(indices, (index) => rows[index] as RawRow)
  return { gate: take(gate), rest: take(rest).map((row, number) => ({ ...row, number })) }
}

const PICK_SEED = 42

/**
 * What datasets' `.shuffle(seed=42).select(range(count))` picks of so many rows, in that order. Rows that were left out
 * have their place in the order too, so that the others are the ones that datasets picks.
 */
function pickSamples(rows: readonly RawRow[], count: number, total: number): readonly RawRow[] {
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  return [...shuffledIndices(total, PICK_SEED).slice(0, count)].flatMap((number) => byNumber.get(number) ?? [])
}

function describeFew(samples: number | null, total: number): string | null {
  if (samples === null || samples <= total) return null
  return `${formatCount(samples)} rows were asked for, and there are ${formatCount(total)}`
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

function addCounts(ones: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): Map<string, number> {
  const sum = new Map(ones)
  for (const [name, count] of others) sum.set(name, (sum.get(name) ?? 0) + count)
  return sum
}

function describeRejected({ split: { rejected } }: OpenedSource): string | null {
  const count = countRejected(rejected)
  if (count === 0) return null
  const reasons = [...rejected].map(([code, { places }]) => `${code}, first in row ${places[0]?.row ?? '?'}`)
  return `${formatCount(count)} rows without a usable text are left out (${reasons.join('; ')})`
}
