// Reads what a version keeps: its manifest and its papers, each held against the hash in the log.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  MANIFEST_FILE,
  type ModelManifest,
  ModelsError,
  parseManifest,
  type RegistryVersion,
} from '@renown/models/serving'

const MOST_BYTES = 16 * 2 ** 20

/** Null where the version doesn't keep it, or it is too large to be handed out. Throws REGISTRY_INVALID. */
export async function readKept({ version, path, files }: RegistryVersion, name: string): Promise<Buffer | null> {
  const record = files[name]
  if (record === undefined || record.bytes > MOST_BYTES) return null
  const content = await readFile(join(path, name)).catch(() => null)
  const hash = content === null ? null : createHash('sha256').update(content).digest('hex')
  if (content !== null && hash === record.sha256) return content
  throw new ModelsError('REGISTRY_INVALID', `${version} is damaged: ${name} is not what was added`)
}

/** Throws REGISTRY_INVALID. */
export async function readKeptManifest(version: RegistryVersion): Promise<ModelManifest> {
  const content = await readKept(version, MANIFEST_FILE)
  if (content !== null) return parseManifest(JSON.parse(content.toString('utf8')))
  throw new ModelsError('REGISTRY_INVALID', `${version.version} has no ${MANIFEST_FILE} that can be read`)
}
