// Which of a folder's files is run, with which weights, and whether in our own graph.
import { access, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { buildClassifier, type EncoderConfig } from '../encoders/index.ts'
import { MlError } from '../errors.ts'
import { Graph } from '../graph/index.ts'
import { readOnnxTensors } from '../onnx/index.ts'
import { type ClassifierWeights, loadWeights, servedLayers, weightsFromOnnx } from '../quantize/index.ts'
import { openWeights } from '../weights/index.ts'
import { dotProductsSaturate } from './probe.ts'

/** How a scorer's weights are held. */
export type WeightEncoding = 'float32' | 'uint8' | 'int8'

export const QUANTIZED_FILE = 'onnx/model_quantized.onnx'
export const FLOAT_FILE = 'onnx/model.onnx'

interface Common {
  readonly config: EncoderConfig
  /** Relative to the folder. */
  readonly file: string
}

export type ModelChoice =
  | (Common & { readonly kind: 'ours'; readonly graph: Graph; readonly encoding: WeightEncoding })
  | (Common & { readonly kind: 'foreign'; readonly bytes: Uint8Array; readonly encoding: 'foreign' })

interface Wanted {
  readonly file?: string
  readonly encoding?: 'auto' | WeightEncoding
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function byteEncoding(wanted: 'auto' | WeightEncoding): Promise<'uint8' | 'int8'> {
  if (wanted === 'uint8' || wanted === 'int8') return wanted
  return (await dotProductsSaturate()) ? 'uint8' : 'int8'
}

async function ours(
  config: EncoderConfig,
  file: string,
  weights: ClassifierWeights,
  encoding: WeightEncoding,
): Promise<ModelChoice> {
  const graph = new Graph()
  buildClassifier(servedLayers(graph, weights, encoding === 'float32' ? 'uint8' : encoding), config, 'packed')
  return { kind: 'ours', config, file, graph, encoding }
}

async function fromOnnx(folder: string, file: string, config: EncoderConfig, wanted: Wanted): Promise<ModelChoice> {
  const bytes = await readFile(join(folder, file)).catch((cause: unknown) => {
    throw new MlError('MODEL_FILE_INVALID', `${file}: expected a readable ONNX file in ${folder}`, { cause })
  })
  const weights = weightsFromOnnx(readOnnxTensors(bytes), config)
  if (weights) {
    const isFloat = [...weights.values()].every(({ kind }) => kind === 'float')
    return ours(config, file, weights, isFloat ? 'float32' : await byteEncoding(wanted.encoding ?? 'auto'))
  }
  return { kind: 'foreign', config, file, bytes, encoding: 'foreign' }
}

async function fromWeights(folder: string, config: EncoderConfig, wanted: Wanted): Promise<ModelChoice> {
  const encoding = wanted.encoding ?? 'auto'
  const quantize = encoding === 'uint8' || encoding === 'int8'
  const source = await openWeights(folder)
  try {
    const weights = await loadWeights(source, config, { quantize })
    const file = source.format === 'safetensors' ? 'model.safetensors' : 'pytorch_model.bin'
    return await ours(config, file, weights, quantize ? encoding : 'float32')
  } finally {
    await source.close()
  }
}

async function hasWeights(folder: string): Promise<boolean> {
  return openWeights(folder).then(
    async (source) => {
      await source.close()
      return true
    },
    (error: unknown) => {
      if (error instanceof MlError && error.code === 'WEIGHTS_MISSING') return false
      throw error
    },
  )
}

/**
 * The file named, or: the quantised ONNX file (unless float32 is wanted), the weights, the float ONNX file.
 * Our own quantised files run in our own packed graph, others as they are.
 */
export async function chooseModel(folder: string, config: EncoderConfig, wanted: Wanted): Promise<ModelChoice> {
  const named = wanted.file === undefined ? undefined : posix.normalize(wanted.file)
  if (named?.endsWith('.onnx')) return fromOnnx(folder, named, config, wanted)
  if (named !== undefined) return fromWeights(folder, config, wanted)
  if (wanted.encoding !== 'float32' && (await exists(join(folder, QUANTIZED_FILE))))
    return fromOnnx(folder, QUANTIZED_FILE, config, wanted)
  if ((await hasWeights(folder)) || !(await exists(join(folder, FLOAT_FILE))))
    return fromWeights(folder, config, wanted)
  return fromOnnx(folder, FLOAT_FILE, config, wanted)
}
