// What stands beside the weights of a checkpoint so that they load as a model.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainableModel } from '@renown/ml'
import { TOKENIZER_FILES } from '@renown/models'
import type { TrainingBase } from './open-base.ts'

/** config.json with the labels of the task, and the base's tokenizer, by name. */
export async function readModelFiles(
  { base }: { readonly base: TrainingBase },
  model: TrainableModel,
): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const { path, manifest } = base.folder
  const names = TOKENIZER_FILES.filter((name) => Object.hasOwn(manifest.files, name))
  const files = await Promise.all(
    names.map(async (name): Promise<[string, Uint8Array]> => [name, await readFile(join(path, name))]),
  )
  return { 'config.json': `${JSON.stringify(model.configJson, null, 2)}\n`, ...Object.fromEntries(files) }
}
