// Weights spread over several files, with an index that says which tensor is where.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MlError } from '../errors.ts'
import { describeValue } from './describe-value.ts'
import type { TensorEntry, WeightSource } from './weight-source.ts'

const MAX_SHARDS = 1_000

/** Opens every shard that the index names. Shard names are plain file names in the index's own folder. */
export async function openSharded(
  folder: string,
  indexName: string,
  openShard: (path: string) => Promise<WeightSource>,
): Promise<WeightSource> {
  const shardOf = parseIndex(await readFile(join(folder, indexName), 'utf8'), indexName)
  const shards = new Map<string, WeightSource>()
  const close = async (): Promise<void> => {
    for (const shard of shards.values()) await shard.close()
  }
  try {
    for (const name of new Set(shardOf.values())) shards.set(name, await openNamed(folder, name, indexName, openShard))
    return createSource(shardOf, shards, indexName, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function openNamed(
  folder: string,
  name: string,
  indexName: string,
  openShard: (path: string) => Promise<WeightSource>,
): Promise<WeightSource> {
  try {
    return await openShard(join(folder, name))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    throw new MlError('WEIGHTS_MISSING', `${indexName} names ${name}, which is not in the folder`, { cause: error })
  }
}

function parseIndex(text: string, indexName: string): ReadonlyMap<string, string> {
  const invalid = (reason: string): MlError => new MlError('WEIGHTS_INVALID', `${indexName}: ${reason}`)
  let index: unknown
  try {
    index = JSON.parse(text)
  } catch {
    throw invalid('not valid JSON')
  }
  const map = typeof index === 'object' && index !== null && 'weight_map' in index ? index.weight_map : undefined
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw invalid('expected a weight_map object')
  const shardOf = new Map<string, string>()
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(shard)) {
      throw invalid(`expected the plain name of a file beside it for ${tensor}, got ${describeValue(shard)}`)
    }
    shardOf.set(tensor, shard)
  }
  const count = new Set(shardOf.values()).size
  if (count === 0 || count > MAX_SHARDS) throw invalid(`expected 1 to ${MAX_SHARDS} files, got ${count}`)
  return shardOf
}

function createSource(
  shardOf: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, WeightSource>,
  indexName: string,
  close: () => Promise<void>,
): WeightSource {
  const entries: TensorEntry[] = []
  const found = new Set<string>()
  for (const [shardName, shard] of shards) {
    for (const entry of shard.list()) {
      if (shardOf.get(entry.name) !== shardName) continue
      entries.push(entry)
      found.add(entry.name)
    }
  }
  const missing = [...shardOf.keys()].filter((name) => !found.has(name))
  if (missing.length > 0) {
    throw new MlError('WEIGHTS_MISSING', `${indexName} names tensors that its files lack: ${missing.join(', ')}`)
  }
  const shardWith = (name: string): WeightSource => {
    const shard = shards.get(shardOf.get(name) ?? '')
    if (shard) return shard
    throw new MlError('WEIGHTS_MISSING', `${indexName} has no tensor ${name}`)
  }
  return {
    format: [...shards.values()][0]?.format ?? 'safetensors',
    list: () => entries,
    read: async (name) => shardWith(name).read(name),
    close,
  }
}
