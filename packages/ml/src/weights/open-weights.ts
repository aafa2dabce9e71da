// Finds a model folder's weights, whatever format they are in.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { MlError } from '../errors.ts'
import { openPytorch } from './pytorch-reader.ts'
import { openSafetensors } from './safetensors-reader.ts'
import { openSharded } from './sharded-weights.ts'
import type { WeightSource } from './weight-source.ts'

/** The names that transformers gives to weights, the preferred first. */
const WEIGHT_FILES: readonly { name: string; open(folder: string, name: string): Promise<WeightSource> }[] = [
  { name: 'model.safetensors', open: (folder, name) => openSafetensors(join(folder, name)) },
  { name: 'model.safetensors.index.json', open: (folder, name) => openSharded(folder, name, openSafetensors) },
  { name: 'pytorch_model.bin', open: (folder, name) => openPytorch(join(folder, name)) },
  { name: 'pytorch_model.bin.index.json', open: (folder, name) => openSharded(folder, name, openPytorch) },
]

/**
 * Opens a model folder's weights: safetensors where there are any, otherwise the pickled ones. Only headers are read; close
 * the source when done. Throws MlError WEIGHTS_MISSING where there are none, WEIGHTS_INVALID, WEIGHTS_UNSUPPORTED or
 * PICKLE_REFUSED where they can't be trusted.
 */
export async function openWeights(folder: string): Promise<WeightSource> {
  for (const file of WEIGHT_FILES) {
    if (await exists(join(folder, file.name))) return file.open(folder, file.name)
  }
  const names = WEIGHT_FILES.map((file) => file.name).join(', ')
  throw new MlError('WEIGHTS_MISSING', `No weights in ${folder}: expected one of ${names}`)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
