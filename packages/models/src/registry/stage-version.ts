// A model folder as a version: every file checked, stored by its hash, and laid out to be renamed into its place.
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncPath } from '@renown/ml/durable-files'
import { ModelsError } from '../errors.ts'
import { hashFile, hashRecords } from '../hash-file.ts'
import { LICENSE_FILE } from '../loader-files.ts'
import {
  CARD_FILE,
  type FileRecord,
  MANIFEST_FILE,
  type ModelManifest,
  PROFILE_FILE,
  parseManifest,
  SIGNATURE_FILE,
} from '../manifest.ts'
import { type HubOrigin, openModelFolder, resolveInside } from '../open-model-folder.ts'
import type { RegistryPaths } from './registry-paths.ts'
import { storeFile } from './store-file.ts'

/** Kept where they are there, beside what the manifest lists: papers that belong to the model. */
const PAPERS: readonly string[] = [
  CARD_FILE,
  SIGNATURE_FILE,
  LICENSE_FILE,
  PROFILE_FILE,
  'report.html',
  'gate.json',
  'gate.md',
  'gate.html',
]

export interface StagedVersion {
  readonly path: string
  readonly manifest: ModelManifest
  readonly hash: string
  readonly files: Readonly<Record<string, FileRecord>>
}

export interface StageRequest {
  readonly folder: string
  /** An empty folder; `model` in it becomes the version. */
  readonly work: string
  /** What a folder without a manifest is called, instead of by its own name. */
  readonly origin?: HubOrigin
}

/** A folder without a manifest gets the one that its files tell. Throws what `openModelFolder` throws. */
export async function stageVersion(
  paths: RegistryPaths,
  { folder, work, origin }: StageRequest,
): Promise<StagedVersion> {
  const opened = await openModelFolder(folder, { verify: false, ...(origin === undefined ? {} : { origin }) })
  const root = await realpath(opened.path)
  const path = join(work, 'model')
  await mkdir(path)
  const kept = new Map<string, FileRecord>()
  async function keep(name: string, source: string, record: FileRecord): Promise<void> {
    await storeFile(paths, path, { name, source, record })
    kept.set(name, record)
  }
  const source = opened.derived ? join(work, MANIFEST_FILE) : await resolveInside(root, MANIFEST_FILE)
  if (opened.derived) await writeFile(source, `${JSON.stringify(opened.manifest, null, 2)}\n`)
  await keep(MANIFEST_FILE, source, await hashFile(source))
  // The one that is kept decides, should the folder change meanwhile.
  const manifest = parseManifest(JSON.parse(await readFile(join(path, MANIFEST_FILE), 'utf8')))
  for (const [name, record] of Object.entries(manifest.files)) {
    await keep(name, await resolveInside(root, name), record)
  }
  for (const name of PAPERS) {
    const paper = kept.has(name) ? null : await findPaper(root, name)
    if (paper !== null) await keep(name, paper, await hashFile(paper))
  }
  await syncPath(path)
  return { path, manifest, hash: hashRecords(manifest.files), files: Object.fromEntries(kept) }
}

async function findPaper(root: string, name: string): Promise<string | null> {
  const path = await resolveInside(root, name).catch((error: unknown) => {
    if (error instanceof ModelsError && error.code === 'MODEL_FILE_MISSING') return null
    throw error
  })
  return path !== null && (await stat(path)).isFile() ? path : null
}
