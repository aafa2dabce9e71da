// A model of the Hub, from its reference to a folder in the cache.
import { ModelsError } from '../errors.ts'
import { MANIFEST_FILE } from '../manifest.ts'
import { readManifest } from '../open-model-folder.ts'
import { chooseModelFiles, chooseTexts, findLack } from './choose-model-files.ts'
import { createHubClient, type HubClient } from './hub-client.ts'
import { DEFAULT_REVISION, HUB_PREFIX, parseRepository } from './repository.ts'
import {
  type FetchOptions,
  fetchFiles,
  isBridged,
  openSnapshot,
  type Snapshot,
  snapshotNames,
  snapshotPath,
} from './snapshot.ts'

export interface HubModelOptions extends FetchOptions {
  /** Made from the environment unless given. */
  readonly hub?: HubClient
  /** Also fetch `onnx/model.onnx` and `onnx/model_quantized.onnx` where there are other weights. */
  readonly onnx?: boolean
}

export interface HubModel {
  /** The snapshot's folder. */
  readonly path: string
  /** `owner/name` */
  readonly name: string
  /** The commit. */
  readonly revision: string
}

/**
 * Fetches what Renown reads of `hf:owner/name[@revision]`. Throws HUB_NAME_INVALID, MODEL_FILE_MISSING (the repository is
 * no model that can be opened), MANIFEST_INVALID, and what `openSnapshot` and `fetchFiles` throw.
 */
export async function fetchHubModel(reference: string, options: HubModelOptions = {}): Promise<HubModel> {
  const { repository, revision } = parseRepository('model', reference.replace(HUB_PREFIX, ''))
  const client = options.hub ?? createHubClient()
  const snapshot = await openSnapshot(client, repository, revision ?? DEFAULT_REVISION, options)
  const names = await snapshotNames(snapshot)
  const lack = findLack(names)
  if (lack !== null) throw refuseIncomplete(snapshot, lack)
  await fetchFiles(client, snapshot, chooseModelFiles(names, options.onnx ?? false), options)
  if (names.includes(MANIFEST_FILE)) await fetchListed(client, snapshot, names, options)
  await fetchTexts(client, snapshot, names, options)
  return { path: snapshotPath(snapshot, '.'), name: repository.name, revision: snapshot.commit }
}

/** Another tool may have left them out, and without a network the model opens all the same. */
async function fetchTexts(
  client: HubClient,
  snapshot: Snapshot,
  names: readonly string[],
  options: FetchOptions,
): Promise<void> {
  await fetchFiles(client, snapshot, chooseTexts(names), options).catch((error: unknown) => {
    if (!isBridged(error)) throw error
  })
}

/** A folder of ours is fetched whole, because its files are checked against its manifest. */
async function fetchListed(
  client: HubClient,
  snapshot: Snapshot,
  names: readonly string[],
  options: FetchOptions,
): Promise<void> {
  const { files } = await readManifest(snapshotPath(snapshot, '.'))
  const listed = Object.keys(files).filter((name) => names.includes(name))
  await fetchFiles(client, snapshot, listed, options)
}

function refuseIncomplete({ repository, commit, files }: Snapshot, lack: string): ModelsError {
  const where = files === null ? "in the cache, and the Hub can't be asked" : `at commit ${commit.slice(0, 12)}`
  return new ModelsError('MODEL_FILE_MISSING', `the model ${repository.name} lacks ${lack} ${where}`)
}
