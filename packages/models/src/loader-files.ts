// The files of a model folder that a loader may read, by name.
import { ModelsError } from './errors.ts'
import type { FileRecord } from './manifest.ts'

export const CONFIG_FILE = 'config.json'
export const FLOAT_ONNX_FILE = 'onnx/model.onnx'
export const QUANTIZED_ONNX_FILE = 'onnx/model_quantized.onnx'
export const SAFETENSORS_FILE = 'model.safetensors'
export const LICENSE_FILE = 'LICENSE'

/** What tokenizers of transformers are made of. */
export const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  'special_tokens_map.json',
  'added_tokens.json',
] as const

const CHECKPOINT_FILES: readonly string[] = [SAFETENSORS_FILE, 'model.safetensors.index.json', 'pytorch_model.bin']

/** Files with weights, best first: what a server would rather load. Checkpoints run in our own graph, faster. */
export const WEIGHT_FILES: readonly string[] = [QUANTIZED_ONNX_FILE, ...CHECKPOINT_FILES, FLOAT_ONNX_FILE]

const WEIGHT_SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/

export function isWeightShard(name: string): boolean {
  return WEIGHT_SHARD.test(name)
}

export function isOnnx(name: string): boolean {
  return name.endsWith('.onnx')
}

/**
 * The file with weights that is served: the one asked for, or the best one that the manifest lists. Where weights are
 * to be held as `float32`, that is one that has them. Throws MODEL_FILE_MISSING.
 */
export function chooseModelFile(
  files: Readonly<Record<string, FileRecord>>,
  wanted?: string,
  encoding?: string,
): string {
  const listed = WEIGHT_FILES.filter((name) => Object.hasOwn(files, name))
  const usable = encoding === 'float32' ? listed.filter((name) => name !== QUANTIZED_ONNX_FILE) : listed
  if (wanted !== undefined) {
    if (Object.hasOwn(files, wanted)) return wanted
    throw new ModelsError(
      'MODEL_FILE_MISSING',
      `the model has no file "${wanted}": expected one of ${listed.join(', ') || 'none, it has no weights'}`,
    )
  }
  const [best] = usable
  if (best !== undefined) return best
  const held = encoding === 'float32' && listed.length > 0 ? ' in float32' : ''
  throw new ModelsError(
    'MODEL_FILE_MISSING',
    `the model has no weights${held}: expected one of ${WEIGHT_FILES.join(', ')}`,
  )
}

/**
 * Files that loaders pick up by name although the manifest doesn't list them. Unlisted weights are simply not used,
 * because the served file is chosen from the manifest.
 */
export function findUnlisted(present: readonly string[], files: Readonly<Record<string, FileRecord>>): string[] {
  return TOKENIZER_FILES.filter((name) => present.includes(name) && !Object.hasOwn(files, name))
}
