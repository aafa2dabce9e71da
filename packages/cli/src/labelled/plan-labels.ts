// Which labels a classifier learns: as asked for, the base's, or the data's own.
import { CliError } from '../errors.ts'
import { createLabelMatcher, type LabelMap, type LabelMatcher, nameLabel, normaliseLabel } from './match-labels.ts'

export interface LabelSources {
  /** The labels in the order asked for; they go before everything else. */
  readonly asked?: readonly string[]
  /** The labels of the model to start from. */
  readonly base?: readonly string[]
  /** Names that the data set itself gives to its labels 0, 1, 2 … */
  readonly dataSet?: readonly string[]
  readonly map?: LabelMap
}

export interface LabelPlan {
  readonly labels: readonly string[]
  readonly from: 'asked' | 'base' | 'data set' | 'data'
  readonly matcher: LabelMatcher
}

/**
 * `found` are the labels of the training rows. The base's labels are taken where one of them is among the data's names, or
 * where all of the data's are numbers below their count; then those of the data set; else those found, sorted, numbers by
 * size. Throws LABELS_UNKNOWN where what was found can't be labels.
 */
export function planLabels(found: Iterable<string>, sources: LabelSources): LabelPlan {
  const map: LabelMap = sources.map ?? new Map()
  const names = listNames(found, sources.dataSet, map)
  const { labels, from } = chooseLabels(names, sources, map)
  return { labels, from, matcher: createLabelMatcher(labels, map, sources.dataSet) }
}

/** By their normalised form, as first met; what the map and the data set make of the labels. */
function listNames(found: Iterable<string>, own: readonly string[] | undefined, map: LabelMap): Map<string, string> {
  const mapped = new Map([...map].map(([from, to]) => [normaliseLabel(from), to]))
  const names = new Map<string, string>()
  for (const raw of new Set(found)) {
    const label = normaliseLabel(raw)
    if (label === '') continue
    const name = own === undefined ? raw.trim() : nameLabel(label, own)
    const shown = mapped.get(label) ?? mapped.get(normaliseLabel(name)) ?? name
    const key = normaliseLabel(shown)
    if (!names.has(key)) names.set(key, isNumber(key) ? key : shown)
  }
  return names
}

function chooseLabels(
  names: ReadonlyMap<string, string>,
  { asked, base, dataSet }: LabelSources,
  map: LabelMap,
): Omit<LabelPlan, 'matcher'> {
  if (asked !== undefined) return { labels: asked, from: 'asked' }
  if (base !== undefined && fits(base, names)) return { labels: base, from: 'base' }
  if (dataSet !== undefined) return { labels: [...listNames(dataSet, undefined, map).values()], from: 'data set' }
  return { labels: discoverLabels(names), from: 'data' }
}

function fits(base: readonly string[], names: ReadonlyMap<string, string>): boolean {
  if (base.some((label) => names.has(normaliseLabel(label)))) return true
  return names.size > 0 && [...names.keys()].every((name) => /^\d+$/.test(name) && Number(name) < base.length)
}

const MOST_LABELS = 256

function discoverLabels(names: ReadonlyMap<string, string>): string[] {
  if (names.size === 0) throw new CliError('LABELS_UNKNOWN', 'the training data has no labels: every cell is empty')
  if (names.size > MOST_LABELS) {
    throw new CliError(
      'LABELS_UNKNOWN',
      `the training data has ${names.size} different labels: expected at most ${MOST_LABELS}; is this the column of labels?`,
    )
  }
  const list = [...names.keys()].find((name) => /^[[{]/.test(name))
  if (list !== undefined) {
    throw new CliError('LABELS_UNKNOWN', `expected one label a row, got a list or object: ${list.slice(0, 60)}`)
  }
  const compare = [...names.keys()].every(isNumber) ? compareNumbers : compareText
  return [...names].sort(([a], [b]) => compare(a, b)).map(([, name]) => name)
}

function isNumber(name: string): boolean {
  return /^-?\d+$/.test(name)
}

function compareNumbers(a: string, b: string): number {
  return Number(a) - Number(b)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : 1
}
