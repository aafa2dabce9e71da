// Reads a checkpoint, and refuses one that isn't whole.
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MlError } from '../../errors.ts'
import { CHECKPOINT_MANIFEST, listCheckpoints } from './checkpoint-folders.ts'
import { digestFile, type FileDigest } from './durable-files.ts'
import { parseJson, parseObject } from './json-values.ts'
import { parseRecord, RECORD_FORMAT, type RunRecord } from './run-record.ts'
import { OPTIMIZER_FILE, WEIGHTS_FILE } from './write-checkpoint.ts'

export const RECORD_FILE = 'run.json'

export interface Checkpoint {
  readonly path: string
  readonly step: number
  readonly record: RunRecord
  readonly weights: string
  readonly optimizer: string
}

/**
 * Checks every file against its hash and reads the run's record.
 * @throws MlError CHECKPOINT_INVALID where a file is missing, cut off or changed
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const digests = await readManifest(path)
  for (const name of [RECORD_FILE, WEIGHTS_FILE, OPTIMIZER_FILE]) {
    if (!digests.has(name)) throw invalid(path, `${name} isn't among its files`)
  }
  for (const [name, expected] of digests) await checkFile(path, name, expected)
  const record = parseRecord(await readFile(join(path, RECORD_FILE), 'utf8'))
  if (!record) throw invalid(path, `${RECORD_FILE} isn't a run's record of format ${RECORD_FORMAT}`)
  const weights = join(path, WEIGHTS_FILE)
  return { path, step: record.state.step, record, weights, optimizer: join(path, OPTIMIZER_FILE) }
}

/**
 * The weights of a checkpoint, checked against their hash.
 * @throws MlError CHECKPOINT_INVALID
 */
export async function checkWeights(path: string): Promise<string> {
  const expected = (await readManifest(path)).get(WEIGHTS_FILE)
  if (!expected) throw invalid(path, `${WEIGHTS_FILE} isn't among its files`)
  await checkFile(path, WEIGHTS_FILE, expected)
  return join(path, WEIGHTS_FILE)
}

/**
 * The newest whole checkpoint of an output folder, and those that were passed over because they aren't whole. Undefined
 * where there is none.
 */
export async function findLatestCheckpoint(
  output: string,
): Promise<{ readonly checkpoint: Checkpoint | undefined; readonly damaged: readonly MlError[] }> {
  const damaged: MlError[] = []
  for (const { path } of (await listCheckpoints(output)).reverse()) {
    try {
      return { checkpoint: await readCheckpoint(path), damaged }
    } catch (error) {
      if (!(error instanceof MlError)) throw error
      damaged.push(error)
    }
  }
  return { checkpoint: undefined, damaged }
}

async function readManifest(path: string): Promise<Map<string, FileDigest>> {
  const text = await readFile(join(path, CHECKPOINT_MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalid(path, `${CHECKPOINT_MANIFEST} can't be read (${error.code ?? error.message})`)
  })
  const files = parseObject(parseObject(parseJson(text)).files)
  const entries = Object.entries(files).flatMap(([name, digest]) => {
    const { size, sha256 } = parseObject(digest)
    const isSound = typeof size === 'number' && typeof sha256 === 'string' && name === basename(name) && name !== '..'
    return isSound ? [[name, { size, sha256 }] as const] : []
  })
  if (entries.length === 0 || entries.length !== Object.keys(files).length) {
    throw invalid(path, `${CHECKPOINT_MANIFEST} isn't a list of files`)
  }
  return new Map(entries)
}

async function checkFile(path: string, name: string, expected: FileDigest): Promise<void> {
  const found = await digestFile(join(path, name)).catch((error: NodeJS.ErrnoException) => {
    throw invalid(path, `${name} can't be read (${error.code ?? error.message})`)
  })
  if (found.size !== expected.size) {
    throw invalid(path, `${name} has ${found.size} bytes, expected ${expected.size}`)
  }
  if (found.sha256 !== expected.sha256) throw invalid(path, `${name} isn't what was written: its hash differs`)
}

function invalid(path: string, reason: string): MlError {
  return new MlError('CHECKPOINT_INVALID', `${path} isn't a whole checkpoint: ${reason}`)
}
