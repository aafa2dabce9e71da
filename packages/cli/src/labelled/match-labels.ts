// From the labels in a data file to the classes of a model.
import { CliError } from '../errors.ts'
import { formatCount } from '../format/numbers.ts'

/** `mixed=neutral,4=positive`: labels of the data, and the model's label that each stands for. */
export type LabelMap = ReadonlyMap<string, string>

export interface LabelMatcher {
  /** The class, or null for a label that the model doesn't know. */
  match(value: unknown): number | null
}

/**
 * A label is a name of the model's (in any case), or a number that counts them from 0, or what `map` makes of it. Where the
 * data set names its own numbers (`names`), a number means its name. Throws LABELS_UNKNOWN where the map leads to a label
 * that the model doesn't have.
 */
export function createLabelMatcher(labels: readonly string[], map: LabelMap, names?: readonly string[]): LabelMatcher {
  const classes = new Map(labels.map((label, index) => [normaliseLabel(label), index]))
  for (const index of labels.keys()) {
    if (!classes.has(String(index))) classes.set(String(index), index)
  }
  const mapped = new Map<string, number>()
  for (const [from, to] of map) {
    const index = classes.get(normaliseLabel(to))
    if (index === undefined) {
      throw new CliError(
        'LABELS_UNKNOWN',
        `--label-map: the model has no label "${to}": expected one of ${labels.join(', ')}`,
      )
    }
    mapped.set(normaliseLabel(from), index)
  }
  return {
    match(value) {
      const label = normaliseLabel(value)
      const name = names === undefined ? label : normaliseLabel(nameLabel(label, names))
      return mapped.get(label) ?? mapped.get(name) ?? classes.get(name) ?? null
    },
  }
}

/** The name that the data set has for a number; anything else is a name already. */
export function nameLabel(label: string, names: readonly string[]): string {
  return /^\d+$/.test(label) ? (names[Number(label)] ?? label) : label
}

/** Parquet's and CSV's numbers come as `1`, `1.0`, or big integers. */
export function normaliseLabel(value: unknown): string {
  const text = String(value ?? '')
    .trim()
    .toLowerCase()
  return /^\d+\.0+$/.test(text) ? text.replace(/\..*$/, '') : text
}

/** Throws USAGE_INVALID. */
export function parseLabelMap(text: string): LabelMap {
  const pairs = text.split(',').map((pair): readonly [string, string] => {
    const [from, to, ...rest] = pair.split('=').map((part) => part.trim())
    if (from !== undefined && from !== '' && to !== undefined && to !== '' && rest.length === 0) return [from, to]
    throw new CliError('USAGE_INVALID', `--label-map: expected pairs such as mixed=neutral,4=positive, got "${pair}"`)
  })
  return new Map(pairs)
}

/**
 * Leaving rows out in silence would teach or measure something else than was asked for: throws LABELS_UNKNOWN unless they
 * may be skipped, and some rows are left. The note that tells of them, or null where there are none.
 */
export function checkUnknown(
  unknown: ReadonlyMap<string, number>,
  labels: readonly string[],
  { skip, left, source }: { readonly skip: boolean; readonly left: number; readonly source?: string },
): string | null {
  if (unknown.size === 0) return null
  const described = describeUnknown(unknown, labels)
  const refused = source === undefined ? described : `${source}: ${described}`
  if (!skip) {
    throw new CliError('LABELS_UNKNOWN', `${refused}. Map them with --label-map, or leave them out with --skip-unknown`)
  }
  if (left === 0) throw new CliError('LABELS_UNKNOWN', `${refused}. No rows are left`)
  return `${described}. They are left out`
}

const SHOWN_LABELS = 10

export function describeUnknown(unknown: ReadonlyMap<string, number>, labels: readonly string[]): string {
  const names = [...unknown].sort((a, b) => b[1] - a[1])
  const shown = names
    .slice(0, SHOWN_LABELS)
    .map(([name, count]) => `${name === '' ? 'none' : `"${name}"`} (${formatCount(count)})`)
  const more = names.length > SHOWN_LABELS ? ` and ${names.length - SHOWN_LABELS} others` : ''
  return `the data has labels that the model doesn't know: ${shown.join(', ')}${more}; the model's are ${labels.join(', ')}`
}
