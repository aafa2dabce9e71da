// reference-profile.json: the reference profile of a model beside its files, its hash in the manifest.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyReference, type ReferenceProfile } from '@renown/reputation'
import { ModelsError } from '../errors.ts'
import { hashFile } from '../hash-file.ts'
import { type FileRecord, type ModelManifest, PROFILE_FILE } from '../manifest.ts'
import { replaceFile } from '../replace-file.ts'

/** Which posts a profile was made of. */
export interface ProfileSource {
  readonly dataSet: string
  readonly split: string
  /** SHA-256 of the data file. */
  readonly sha256: string
}

export function sourceOf({ dataSet, split, sha256 }: ProfileSource): ProfileSource {
  return { dataSet, split, sha256 }
}

export interface StoredProfile {
  readonly source: ProfileSource
  readonly reference: ReferenceProfile
}

/** Raised where features, bins or hashes change: counts of two formats can't be compared. */
const FORMAT = 1

export async function writeProfile(folder: string, { source, reference }: StoredProfile): Promise<FileRecord> {
  const { known, ...counts } = reference
  const document = { format: FORMAT, source, ...counts, known: Buffer.from(known).toString('base64') }
  const path = join(folder, PROFILE_FILE)
  await replaceFile(path, `${JSON.stringify(document)}\n`)
  return await hashFile(path)
}

/**
 * null where the manifest has no profile, or one of another format. Throws MODEL_FILE_MISSING, MODEL_HASH_MISMATCH,
 * MANIFEST_INVALID.
 */
export async function readProfile(folder: {
  readonly path: string
  readonly manifest: Pick<ModelManifest, 'profile'>
}): Promise<StoredProfile | null> {
  const expected = folder.manifest.profile
  if (expected === undefined) return null
  const path = join(folder.path, PROFILE_FILE)
  const found = await hashFile(path).catch((cause: unknown) => {
    throw new ModelsError('MODEL_FILE_MISSING', `${PROFILE_FILE} is named in the manifest and can't be read`, { cause })
  })
  if (found.sha256 !== expected.sha256) {
    throw new ModelsError(
      'MODEL_HASH_MISMATCH',
      `${PROFILE_FILE} is not the file that the manifest describes: expected SHA-256 ${expected.sha256}, got ${found.sha256}`,
    )
  }
  return parseProfile(await readFile(path, 'utf8'))
}

function parseProfile(text: string): StoredProfile | null {
  const document = parseObject(text)
  if (document.format !== FORMAT) return null
  const { source, known, ...rest } = document
  const { known: bits, ...counts } = emptyReference()
  const bytes = typeof known === 'string' ? Buffer.from(known, 'base64') : Buffer.alloc(0)
  if (!isSource(source) || bytes.length !== bits.length || !hasShape(rest, counts)) {
    throw new ModelsError(
      'MANIFEST_INVALID',
      `${PROFILE_FILE}: expected a profile of format ${FORMAT}, got other fields`,
    )
  }
  const { posts, histograms, words } = rest
  return { source, reference: { posts, histograms, words, known: new Uint8Array(bytes) } }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(text)
    if (typeof document === 'object' && document !== null) return { ...document }
  } catch {
    // Refused below.
  }
  throw new ModelsError('MANIFEST_INVALID', `${PROFILE_FILE}: expected a JSON object`)
}

function isSource(value: unknown): value is ProfileSource {
  if (typeof value !== 'object' || value === null) return false
  return ['dataSet', 'split', 'sha256'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string')
}

/** Whether `value` has the numbers that `shape` has, in lists of the same lengths and under the same names. */
export function hasShape<T>(value: unknown, shape: T): value is T {
  if (typeof shape === 'number') return typeof value === 'number' && Number.isFinite(value) && value >= 0
  if (typeof shape !== 'object' || shape === null || typeof value !== 'object' || value === null) return false
  if (Array.isArray(shape) !== Array.isArray(value)) return false
  const entries = Object.entries(shape)
  const found = value as Readonly<Record<string, unknown>>
  return (
    (!Array.isArray(shape) || shape.length === (value as unknown[]).length) &&
    entries.every(([key, part]) => hasShape(found[key], part))
  )
}
