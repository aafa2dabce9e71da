// Which files of a model repository Renown reads; the others stay on the Hub.
import {
  CONFIG_FILE,
  FLOAT_ONNX_FILE,
  isWeightShard,
  LICENSE_FILE,
  QUANTIZED_ONNX_FILE,
  SAFETENSORS_FILE,
  TOKENIZER_FILES,
} from '../loader-files.ts'
import { CARD_FILE, MANIFEST_FILE, PROFILE_FILE, SIGNATURE_FILE } from '../manifest.ts'

const SAFETENSORS_INDEX = 'model.safetensors.index.json'
const PICKLED_FILE = 'pytorch_model.bin'
const NEEDED: readonly string[] = [CONFIG_FILE, MANIFEST_FILE, SIGNATURE_FILE, ...TOKENIZER_FILES]
const BESIDE: readonly string[] = [CARD_FILE, LICENSE_FILE, PROFILE_FILE]
const ONNX_FILES: readonly string[] = [QUANTIZED_ONNX_FILE, FLOAT_ONNX_FILE]

/**
 * Configuration, tokenizer, and weights: safetensors, whole or in shards, otherwise a pickled checkpoint. ONNX
 * files only if wanted, or where there are no other weights.
 */
export function chooseModelFiles(names: readonly string[], wantsOnnx: boolean): string[] {
  const checkpoint = chooseCheckpoint(names)
  const onnx = ONNX_FILES.filter((name) => names.includes(name))
  const others = wantsOnnx ? onnx : onnx.slice(0, 1)
  const weights = checkpoint.length === 0 ? others : [...checkpoint, ...(wantsOnnx ? onnx : [])]
  return [...NEEDED.filter((name) => names.includes(name)), ...weights]
}

/** Papers for people, and what drift is measured against: a model opens without them. */
export function chooseTexts(names: readonly string[]): string[] {
  return BESIDE.filter((name) => names.includes(name))
}

function chooseCheckpoint(names: readonly string[]): string[] {
  if (names.includes(SAFETENSORS_FILE)) return [SAFETENSORS_FILE]
  if (names.includes(SAFETENSORS_INDEX)) return [SAFETENSORS_INDEX, ...names.filter(isWeightShard)]
  return names.includes(PICKLED_FILE) ? [PICKLED_FILE] : []
}

/**
 * What a snapshot lacks for a model to be opened, for people, or null. A snapshot that another tool filled may hold a
 * part of the model only.
 */
export function findLack(names: readonly string[]): string | null {
  if (!names.includes(CONFIG_FILE)) return CONFIG_FILE
  const hasTokenizer = names.includes('tokenizer.json') || names.includes('vocab.txt')
  if (!hasTokenizer && !(names.includes('vocab.json') && names.includes('merges.txt'))) return 'a tokenizer'
  const hasWeights = chooseCheckpoint(names).length > 0 || ONNX_FILES.some((name) => names.includes(name))
  return hasWeights ? null : 'weights'
}
