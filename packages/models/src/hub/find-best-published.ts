// The best version that was ever published in a repository, by what the manifests of its tags record.
import { isBetter, recordedFigures } from '../best-figures.ts'
import { MANIFEST_FILE, type ModelManifest } from '../manifest.ts'
import { readManifest } from '../open-model-folder.ts'
import type { HubClient } from './hub-client.ts'
import { askTags, type CallOptions } from './publish/remote-repository.ts'
import { parseRepository } from './repository.ts'
import { fetchFiles, openSnapshot, snapshotNames, snapshotPath } from './snapshot.ts'

export interface PublishedVersion {
  readonly tag: string
  readonly commit: string
  readonly manifest: ModelManifest
}

/**
 * Of `owner/name`, where it is better than the given one on rows that both were measured on; null where none is. Only
 * manifests are fetched; a tag without one that can be read has no say. Throws what `requestHub` throws.
 */
export async function findBestPublished(
  client: HubClient,
  name: string,
  champion: ModelManifest,
  options: CallOptions = {},
): Promise<PublishedVersion | null> {
  const { repository } = parseRepository('model', name)
  let [best, figures]: [PublishedVersion | null, ReturnType<typeof recordedFigures>] = [null, recordedFigures(champion)]
  for (const { name: tag, commit } of await askTags(client, repository, options)) {
    const manifest = await fetchManifest(client, name, commit, options)
    if (manifest === null) continue
    const recorded = recordedFigures(manifest)
    if (isBetter(recorded, figures)) [best, figures] = [{ tag, commit, manifest }, recorded]
  }
  return best
}

async function fetchManifest(
  client: HubClient,
  name: string,
  commit: string,
  options: CallOptions,
): Promise<ModelManifest | null> {
  const { repository } = parseRepository('model', name)
  const snapshot = await openSnapshot(client, repository, commit, options)
  if (!(await snapshotNames(snapshot)).includes(MANIFEST_FILE)) return null
  await fetchFiles(client, snapshot, [MANIFEST_FILE], options)
  return await readManifest(snapshotPath(snapshot, '.')).catch(() => null)
}
