// A data set of the Hub: its Parquet files in the cache, by split, with the names of its labels.
import { readFile } from 'node:fs/promises'
import { describeParquet } from '@renown/files'
import { ModelsError } from '../../errors.ts'
import { hashFile, hashRecords } from '../../hash-file.ts'
import type { FileRecord } from '../../manifest.ts'
import { createHubClient, type HubClient } from '../hub-client.ts'
import { checkRevision, DEFAULT_REVISION, parseRepository, type Repository } from '../repository.ts'
import { type FetchOptions, fetchFiles, openSnapshot, type Snapshot, snapshotNames, snapshotPath } from '../snapshot.ts'
import { chooseConfig, chooseSplits } from './choose-splits.ts'
import { type DataSetColumns, findColumns } from './find-columns.ts'
import { type ConfigPlan, planConfigs, type SplitPlan } from './plan-splits.ts'
import { type DataSetCard, readCard } from './read-card.ts'

const CARD = 'README.md'
const LARGEST_CARD = 16 * 1024 * 1024
const CONVERSION = 'refs/convert/parquet'

export interface HubDataSetOptions extends FetchOptions {
  /** Made from the environment unless given. */
  readonly hub?: HubClient
  /** Wanted where there are several. */
  readonly config?: string
  /** A branch, a tag or a commit; `main` unless given. */
  readonly revision?: string
  /** Only these are fetched; all unless given. */
  readonly splits?: readonly string[]
}

export interface HubSplit {
  readonly name: string
  /** Parquet files in the cache, in the order of their rows. */
  readonly files: readonly string[]
  readonly rows: number
  /** SHA-256 of the file, or over the names and hashes of several. */
  readonly sha256: string
}

export interface HubDataSet extends DataSetColumns {
  readonly name: string
  readonly config: string
  /** The commit that the files are from; asked for again, it gives the same. */
  readonly revision: string
  /** True where the files are the Hub's conversion, whose commits are others than the data set's own. */
  readonly isConverted: boolean
  readonly splits: readonly HubSplit[]
  /** Over the names and hashes of all files. */
  readonly sha256: string
}

interface Located {
  readonly snapshot: Snapshot
  readonly configs: readonly ConfigPlan[]
  readonly card: DataSetCard
  readonly isConverted: boolean
}

/**
 * Finds the Parquet files of `owner/name`: in the repository itself, else in the Hub's conversion, and fetches them.
 * Throws DATASET_SCRIPT_ONLY, DATASET_FILES_MISSING, DATASET_CONFIG_REQUIRED, DATASET_CONFIG_UNKNOWN,
 * DATASET_SPLIT_UNKNOWN, HUB_NAME_INVALID, what `openSnapshot` and `fetchFiles` throw, and FilesError where a file is no
 * Parquet.
 */
export async function openHubDataSet(name: string, options: HubDataSetOptions = {}): Promise<HubDataSet> {
  const parsed = parseRepository('dataset', name.replace(/^hf:(\/\/)?(datasets\/)?/i, ''))
  const asked = options.revision === undefined ? parsed.revision : checkRevision(options.revision)
  const client = options.hub ?? createHubClient()
  const located = await locateParquet(client, parsed.repository, asked, options)
  const config = chooseConfig(located.configs, options.config, parsed.repository.name)
  const plans = chooseSplits(config, options.splits, parsed.repository.name)
  const paths = plans.flatMap((plan) => plan.paths)
  await fetchFiles(client, located.snapshot, [...new Set(paths)], options)
  tellPartial(client, plans, parsed.repository)
  const records = await hashPaths(located.snapshot, paths)
  const splits = await Promise.all(plans.map((plan) => readSplit(located.snapshot, plan, records)))
  const [first] = splits.flatMap(({ files }) => files)
  const features = located.card.features.get(config.name) ?? []
  return {
    name: parsed.repository.name,
    config: config.name,
    revision: located.snapshot.commit,
    isConverted: located.isConverted,
    ...findColumns(await describeParquet(first as string), features),
    splits,
    sha256: hashRecords(records),
  }
}

async function locateParquet(
  client: HubClient,
  repository: Repository,
  asked: string | null,
  options: HubDataSetOptions,
): Promise<Located> {
  const snapshot = await openSnapshot(client, repository, asked ?? DEFAULT_REVISION, options)
  const names = await snapshotNames(snapshot)
  const card = await fetchCard(client, snapshot, names, options)
  const configs = planConfigs(names, card.configs)
  const own = { snapshot, configs, card, isConverted: false }
  if (isEnough(configs, card, options.config)) return own
  const isNewest = asked === null || asked === DEFAULT_REVISION
  const converted = isNewest ? await openConversion(client, repository, options) : null
  const convertedConfigs = converted === null ? [] : planConfigs(await snapshotNames(converted), [])
  if (converted !== null && convertedConfigs.length > 0) {
    return { snapshot: converted, configs: convertedConfigs, card, isConverted: true }
  }
  if (configs.length > 0) return own
  throw refuseWithoutParquet(repository, names, isNewest)
}

/** A card may name more configurations than have Parquet files; then the conversion knows better which there are. */
function isEnough(configs: readonly ConfigPlan[], card: DataSetCard, wanted: string | undefined): boolean {
  if (wanted !== undefined && configs.some(({ name }) => name === wanted)) return true
  return configs.length > 0 && configs.length >= card.configs.length
}

async function fetchCard(
  client: HubClient,
  snapshot: Snapshot,
  names: readonly string[],
  options: FetchOptions,
): Promise<DataSetCard> {
  const size = snapshot.files?.find(({ path }) => path === CARD)?.size ?? 0
  if (!names.includes(CARD) || size > LARGEST_CARD) return readCard('')
  const { signal } = options
  await fetchFiles(client, snapshot, [CARD], signal === undefined ? {} : { signal })
  return readCard(await readFile(snapshotPath(snapshot, CARD), 'utf8'))
}

/** Null where the Hub has converted nothing. */
async function openConversion(
  client: HubClient,
  repository: Repository,
  options: FetchOptions,
): Promise<Snapshot | null> {
  try {
    return await openSnapshot(client, repository, CONVERSION, options)
  } catch (error) {
    if (error instanceof ModelsError && error.code === 'HUB_NOT_FOUND') return null
    throw error
  }
}

function refuseWithoutParquet({ name }: Repository, names: readonly string[], isNewest: boolean): ModelsError {
  const script = `${name.split('/').at(-1)}.py`
  if (names.includes(script)) {
    return new ModelsError(
      'DATASET_SCRIPT_ONLY',
      `the data set ${name} exists only as a program, ${script}, and a program from the Hub is never run here: name a copy of it in Parquet, or download its rows and give them as files`,
    )
  }
  const way = isNewest
    ? 'neither its own nor converted by the Hub'
    : 'at this revision, and the Hub converts the newest only'
  return new ModelsError(
    'DATASET_FILES_MISSING',
    `the data set ${name} has no Parquet files, ${way}: download its files and give those`,
  )
}

async function hashPaths(snapshot: Snapshot, paths: readonly string[]): Promise<Record<string, FileRecord>> {
  const records: Record<string, FileRecord> = {}
  for (const path of paths) records[path] = await hashFile(snapshotPath(snapshot, path))
  return records
}

async function readSplit(
  snapshot: Snapshot,
  { name, paths }: SplitPlan,
  records: Readonly<Record<string, FileRecord>>,
): Promise<HubSplit> {
  const files = paths.map((path) => snapshotPath(snapshot, path))
  const described = await Promise.all(files.map((file) => describeParquet(file)))
  const own = Object.fromEntries(paths.map((path) => [path, records[path] as FileRecord]))
  const [only] = Object.values(own)
  return {
    name,
    files,
    rows: described.reduce((sum, { rows }) => sum + rows, 0),
    sha256: paths.length === 1 && only !== undefined ? only.sha256 : hashRecords(own),
  }
}

function tellPartial(client: HubClient, plans: readonly SplitPlan[], { name }: Repository): void {
  const partial = plans.filter(({ isPartial }) => isPartial).map((plan) => plan.name)
  if (partial.length === 0) return
  client.notify(`the Hub converted only the beginning of ${partial.join(', ')} of the data set ${name}`)
}
