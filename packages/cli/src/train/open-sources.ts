// Opens what a training reads its posts from: files, folders, data sets of the Hub.
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { CliError } from '../errors.ts'
import type { ColumnOptions } from '../labelled/choose-labelled-columns.ts'
import type { LabelledSplit } from '../labelled/labelled-data-set.ts'
import { readDataFolder } from '../labelled/read-data-set.ts'
import { readSplit } from '../labelled/read-split.ts'
import type { SourcePlace, SourceRequest } from './source-request.ts'

/** A split that was read, and what it is called. */
export interface OpenedSource {
  readonly split: LabelledSplit
  /** Names that the data set gives to its labels 0, 1, 2 … */
  readonly labels: readonly string[] | null
  readonly name: string
  readonly splitName: string
  readonly config: string | null
  /** The commit of a data set of the Hub. */
  readonly revision: string | null
}

export interface SourceContext {
  /** Fetches one split; null where there is none of that name. */
  readonly readHub: (place: DataSetPlace, columns: SourceColumns) => Promise<OpenedSource | null>
  readonly signal: AbortSignal
}

type DataSetPlace = Extract<SourcePlace, { kind: 'dataset' }>

export type SourceColumns = ColumnOptions

/** Null where the data set has no such split. Throws what reading throws. */
export async function openSource(request: SourceRequest, context: SourceContext): Promise<OpenedSource | null> {
  const { place, textColumn, labelColumn, unlabelled = false } = request
  const columns = {
    ...(textColumn === null ? {} : { textColumn }),
    ...(labelColumn === null || unlabelled ? {} : { labelColumn }),
    unlabelled,
  }
  return place.kind === 'file'
    ? await openFile(place.path, columns, context)
    : await openDataSet(place, columns, context)
}

async function openFile(path: string, columns: SourceColumns, { signal }: SourceContext): Promise<OpenedSource> {
  const split = await readSplit([path], { ...columns, signal })
  return { split, labels: split.labelNames, name: basename(path), splitName: 'all', config: null, revision: null }
}

async function openDataSet(
  place: DataSetPlace,
  columns: SourceColumns,
  { readHub, signal }: SourceContext,
): Promise<OpenedSource | null> {
  if (!(await isFolder(place.name))) return await readHub(place, columns)
  const { name, splits } = await readDataFolder(place.name, { ...columns, wanted: [place.split], signal })
  const split = splits.get(place.split)
  return split === undefined
    ? null
    : { split, labels: split.labelNames, name, splitName: place.split, config: null, revision: null }
}

export async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )
}

/** Refuses files and folders that aren't there, before anything is opened. Throws INPUT_NOT_FOUND. */
export async function checkPlaces(places: readonly SourcePlace[]): Promise<void> {
  for (const place of places) {
    if (place.kind === 'dataset') {
      if (!/^[./~]/.test(place.name) || (await isFolder(place.name))) continue
      throw new CliError('INPUT_NOT_FOUND', `--dataset: there is no folder "${place.name}"`)
    }
    const info = await stat(place.path).catch(() => null)
    if (info?.isFile() === true) continue
    const got = info === null ? 'there is nothing' : describeOther(info.isDirectory())
    throw new CliError('INPUT_NOT_FOUND', `"${place.path}" is no file to read posts from: ${got}`)
  }
}

function describeOther(isFolder: boolean): string {
  return isFolder
    ? 'it is a folder: for those there is --dataset'
    : 'it is a pipe or a device: write what it gives to a file'
}
