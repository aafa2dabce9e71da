// The base's weights into the store; what a new task needs and the base lacks begins anew.
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { classifierParameters, type Parameter } from '../encoders/index.ts'
import { MlError } from '../errors.ts'
import type { ParameterStore } from '../optimizer/index.ts'
import { openOnnxWeights } from '../quantize/index.ts'
import { FLOAT_FILE, QUANTIZED_FILE } from '../serving/index.ts'
import { openWeights, requireWeights, type WeightSource } from '../weights/index.ts'
import type { ClassifierConfig } from './base-config.ts'
import { newParameter } from './new-head.ts'

/** The finest first; of these the folder has the first that is there, where it has no checkpoint. */
const ONNX_FILES = [FLOAT_FILE, QUANTIZED_FILE]

/**
 * The checkpoint's weights; without one those in the ONNX file, which may have 8 bits.
 * @throws MlError WEIGHTS_MISSING, WEIGHTS_INVALID, MODEL_FILE_INVALID, …
 */
async function openBaseWeights(folder: string): Promise<WeightSource> {
  try {
    return await openWeights(folder)
  } catch (error) {
    if (!(error instanceof MlError) || error.code !== 'WEIGHTS_MISSING') throw error
    const files: readonly string[] = await readdir(join(folder, 'onnx')).catch(() => [])
    const file = ONNX_FILES.find((name) => files.includes(basename(name)))
    if (file === undefined) throw error
    return await openOnnxWeights(join(folder, file))
  }
}

/** Whether the source has the parameter in its shape. */
function isThere(source: WeightSource, parameter: Parameter): boolean {
  try {
    requireWeights(source, [parameter])
    return true
  } catch {
    return false
  }
}

/**
 * Fills the store, a tensor at a time. Parameters of the head that the base lacks, or has for another number of labels,
 * are made anew from the seed; their names are returned.
 * @throws MlError WEIGHTS_MISSING, WEIGHTS_INVALID where the encoder's own weights don't fit
 */
export async function loadBase(
  folder: string,
  { config, initializerRange }: ClassifierConfig,
  store: ParameterStore,
  seed: number,
): Promise<string[]> {
  const source = await openBaseWeights(folder)
  try {
    const parameters = classifierParameters(config)
    const fresh = parameters.filter((each) => each.role === 'head' && !isThere(source, each))
    const kept = parameters.filter((each) => !fresh.includes(each))
    const required = requireWeights(source, kept)
    for (const { name } of kept) store.writeValues(name, await required.read(name))
    for (const each of fresh) store.writeValues(each.name, newParameter(each, initializerRange, seed))
    return fresh.map(({ name }) => name)
  } finally {
    await source.close()
  }
}
