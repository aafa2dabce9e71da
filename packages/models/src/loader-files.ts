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

/** Files with weights, best first: what a server would rather load. */
export const WEIGHT_FILES: readonly string[] = [
  QUANTIZED_ONNX_FILE,
  FLOAT_ONNX_FILE,
  SAFETENSORS_FILE,
  'model.safetensors.index.json',
  'pytorch_model.bin',
]

const WEIGHT_SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/

export function isWeightShard(name: string): boolean {
  return WEIGHT_SHARD.test(name)
}

export function isOnnx(name: string): boolean {
  return name.endsWith('.onnx')
}

/** The file with weights that is served: the best one that the manifest lists, or the one asked for. */
export function chooseModelFile(files: Readonly<Record<string, FileRecord>>, wanted?: string): string {
  if (wanted !== undefined) {
    if (Object.hasOwn(files, wanted)) return wanted
    throw new ModelsError(
      'MODEL_FILE_MISSING',
      `the model has no file "${wanted}"; expected one of ${WEIGHT_FILES.filter((name) => Object.hasOwn(files, name)).join(', ')}`,
    )
  }
  const found = WEIGHT_FILES.find((name) => Object.hasOwn(files, name))
  if (found !== undefined) return found
  throw new ModelsError('MODEL_FILE_MISSING', `the model has no weights: expected one of ${WEIGHT_FILES.join(', ')}`)
}

/**
 * Files that loaders pick up by name although the manifest doesn't list them. Unlisted weights are simply not used,
 * because the served file is chosen from the manifest.
 */
export function findUnlisted(present: readonly string[], files: Readonly<Record<string, FileRecord>>): string[] {
  return TOKENIZER_FILES.filter((name) => present.includes(name) && !Object.hasOwn(files, name))
}
