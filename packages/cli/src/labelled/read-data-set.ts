// Reads a labelled data set from files on this machine.
import { basename, resolve } from 'node:path'
import type { ColumnOptions } from './choose-labelled-columns.ts'
import { findSplitFiles } from './find-split-files.ts'
import type { LabelledColumns, LabelledDataSet, LabelledSplit } from './labelled-data-set.ts'
import { readSplit } from './read-split.ts'

export interface DataSetFiles {
  readonly name: string
  /** Names of the labels 0, 1, 2 …, where the data set says them itself. */
  readonly labels?: readonly string[]
  /** Files of each split; they may arrive one after another. */
  readonly splits: Iterable<readonly [string, Iterable<string> | AsyncIterable<string>]>
}

export interface ReadDataSetOptions extends ColumnOptions {
  readonly signal?: AbortSignal
}

/** One split after another, all with the columns of the first where they have them. Throws what `readSplit` throws. */
export async function readDataSet(files: DataSetFiles, options: ReadDataSetOptions = {}): Promise<LabelledDataSet> {
  const splits = new Map<string, LabelledSplit>()
  let before: LabelledColumns | undefined
  for (const [split, paths] of files.splits) {
    const read = await readSplit(paths, { ...options, ...(before === undefined ? {} : { before }) })
    before ??= read.columns
    splits.set(split, read)
  }
  const { name, labels } = files
  return { name, ...(labels === undefined ? {} : { labels }), splits }
}

/**
 * A folder of files that are named after splits (`train.jsonl`, `val.csv.gz`, `test-00000-of-00001.parquet`); `wanted`
 * limits which are read. Throws INPUT_NOT_FOUND and USAGE_INVALID besides what `readSplit` throws.
 */
export async function readDataFolder(
  folder: string,
  options: ReadDataSetOptions & { readonly wanted?: readonly string[] } = {},
): Promise<LabelledDataSet> {
  const found = await findSplitFiles(folder)
  const { wanted, ...reading } = options
  const splits = ORDER.filter((split) => found.has(split) && (wanted?.includes(split) ?? true))
  const name = basename(resolve(folder))
  return await readDataSet({ name, splits: splits.map((split) => [split, found.get(split) ?? []]) }, reading)
}

const ORDER = ['train', 'validation', 'test']
