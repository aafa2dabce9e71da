// Which part of a data set a file holds, by its name.

const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['validation', 'validation'],
  ['valid', 'validation'],
  ['val', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
])
const EXTENSIONS = /\.(?:csv|tsv|json|jsonl|ndjson|parquet)(?:\.gz)?$/i
const PART = /^(?<name>[a-z]+)-(?<index>\d+)-of-(?<count>\d+)$/i

export interface SplitFile {
  /** `train`, `validation` or `test`. */
  readonly split: string
  /** Of a split that is cut into files (`train-00000-of-00002.parquet`): which of how many. */
  readonly part: { readonly index: number; readonly count: number } | null
}

/** `val.jsonl`, `dev.csv.gz` and `validation-00000-of-00001.parquet` are `validation`; null for other files. */
export function parseSplitFile(fileName: string): SplitFile | null {
  return EXTENSIONS.test(fileName) ? parseSplitName(fileName.replace(EXTENSIONS, '')) : null
}

/** The same of a name without its extension. */
export function parseSplitName(name: string): SplitFile | null {
  const groups = PART.exec(name)?.groups
  const split = SYNONYMS.get((groups?.name ?? name).toLowerCase())
  if (split === undefined) return null
  const part = groups === undefined ? null : { index: Number(groups.index), count: Number(groups.count) }
  return { split, part }
}
