// A manifest for a plain transformers folder, which has no renown.json: made from what its files say.
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CARDIFF_PREPARATION, type Preparation, RAW_PREPARATION } from '@renown/ml/posts'
import { ModelsError } from './errors.ts'
import { hashFile, hashRecords } from './hash-file.ts'
import { CONFIG_FILE, isWeightShard, TOKENIZER_FILES, WEIGHT_FILES } from './loader-files.ts'
import type { FileRecord, ModelManifest } from './manifest.ts'

const VERSION_CHARS = 12

/**
 * Hashes the files that loaders would read; the version is the start of their common hash. The name is the folder's unless
 * given.
 */
export async function deriveManifest(folder: string, name: string = basename(resolve(folder))): Promise<ModelManifest> {
  const config = await readConfig(folder)
  const files = await hashFolder(folder)
  const created = (await stat(join(folder, CONFIG_FILE))).mtime.toISOString()
  return {
    format: 1,
    name,
    version: hashRecords(files).slice(0, VERSION_CHARS),
    parent: null,
    base: readBaseName(config),
    license: 'unknown',
    created,
    labels: readConfigLabels(config),
    temperature: 1,
    preparation: guessPreparation(config, name),
    training: null,
    evaluations: [],
    files,
  }
}

/** Twitter models of cardiffnlp were trained on posts with `@user` and `http` in place of names and addresses. */
export function guessPreparation(config: Readonly<Record<string, unknown>>, name: string): Preparation {
  const names = `${String(config._name_or_path ?? '')} ${name}`.toLowerCase()
  return /twitter|tweet/.test(names) ? CARDIFF_PREPARATION : RAW_PREPARATION
}

/** Labels in the order of the logits, as `id2label` says; transformers' own names where it doesn't. */
export function readConfigLabels(config: Readonly<Record<string, unknown>>): readonly string[] {
  const names = config.id2label
  if (typeof names !== 'object' || names === null) {
    const count = typeof config.num_labels === 'number' ? config.num_labels : 2
    return Array.from({ length: count }, (_, index) => `LABEL_${index}`)
  }
  const entries = Object.entries(names)
  return entries.map((_, index) => {
    const label = (names as Record<string, unknown>)[String(index)]
    if (typeof label === 'string' && label !== '') return label
    throw new ModelsError('MANIFEST_INVALID', `config.json: id2label: expected a name for label ${index}, got nothing`)
  })
}

async function readConfig(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(join(folder, CONFIG_FILE), 'utf8').catch((cause: unknown) => {
    throw new ModelsError('MODEL_NOT_FOUND', `"${folder}" is not a model folder: it has no ${CONFIG_FILE}`, { cause })
  })
  try {
    const config: unknown = JSON.parse(text)
    if (typeof config === 'object' && config !== null && !Array.isArray(config))
      return config as Record<string, unknown>
  } catch (cause) {
    throw new ModelsError('MANIFEST_INVALID', `${CONFIG_FILE}: expected JSON, got something else`, { cause })
  }
  throw new ModelsError('MANIFEST_INVALID', `${CONFIG_FILE}: expected a JSON object, got something else`)
}

function readBaseName(config: Readonly<Record<string, unknown>>): { name: string } | null {
  const name = config._name_or_path
  return typeof name === 'string' && /^[\w.-]+\/[\w.-]+$/.test(name) ? { name } : null
}

async function hashFolder(folder: string): Promise<Readonly<Record<string, FileRecord>>> {
  const names = await listLoaderFiles(folder)
  const records = await Promise.all(names.map((name) => hashFile(join(folder, name))))
  return Object.fromEntries(names.map((name, index) => [name, records[index] as FileRecord]))
}

/** The files that loaders read, of those that are there. */
export async function listLoaderFiles(folder: string): Promise<string[]> {
  const top = await readdir(folder)
  const onnx = await readdir(join(folder, 'onnx')).catch(() => [])
  const present = new Set([...top, ...onnx.map((name) => `onnx/${name}`)])
  const known = [CONFIG_FILE, ...TOKENIZER_FILES, ...WEIGHT_FILES].filter((name) => present.has(name))
  return [...known, ...top.filter(isWeightShard)]
}
