// What labelled data is once it is read, wherever it came from.

export interface LabelledColumns {
  readonly text: string
  /** Null where labels aren't read. */
  readonly label: string | null
}

/** Rows that were left out for one reason. */
export interface RejectedRows {
  readonly count: number
  /** Where the first ten of them stand. */
  readonly places: readonly RowPlace[]
}

export interface RowPlace {
  /** The file's name without its folder. */
  readonly file: string
  /** The physical line that the row starts on, from 1; in a JSON array or Parquet file the row's number, from 1. */
  readonly row: number
}

export interface LabelledFile {
  readonly path: string
  /** Index of the first of its rows in the split. */
  readonly start: number
  readonly sha256: string
}

/** One part of a data set: all its rows with a text, in the order of its files. */
export interface LabelledSplit {
  readonly texts: readonly string[]
  /** As the file has them; empty where there is none, and where labels aren't read. */
  readonly labels: readonly string[]
  /** Where each row stands in its file (see `RowPlace`). */
  readonly rows: readonly number[]
  /** The number of each row among all rows of the split, from 0, those that were left out counted too. */
  readonly numbers: readonly number[]
  readonly files: readonly LabelledFile[]
  readonly columns: LabelledColumns
  /** Names of the labels 0, 1, 2 …, where the files note them (`ClassLabel` of datasets in Parquet). */
  readonly labelNames: readonly string[] | null
  /** By code: TEXT_MISSING, TEXT_EMPTY, TEXT_TOO_LONG, and the codes of rows that can't be read. */
  readonly rejected: ReadonlyMap<string, RejectedRows>
  /** Of the file; of several files, of their hashes in hexadecimal, one a line. */
  readonly sha256: string
}

export interface LabelledDataSet {
  readonly name: string
  /** Names of the labels 0, 1, 2 … of all splits, where the data set says them; a split's own go before them. */
  readonly labels?: readonly string[]
  /** By name: `train`, `validation`, `test` and whatever else there is. */
  readonly splits: ReadonlyMap<string, LabelledSplit>
}

/** Where a row of a split came from. */
export function placeOf(split: Pick<LabelledSplit, 'files' | 'rows'>, index: number): RowPlace {
  const file = split.files.findLast(({ start }) => start <= index)
  return { file: file === undefined ? '' : baseName(file.path), row: split.rows[index] ?? 0 }
}

export function countRejected(rejected: ReadonlyMap<string, RejectedRows>): number {
  let total = 0
  for (const { count } of rejected.values()) total += count
  return total
}

export function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '')
}
