// The model that a training starts from: its folder, labels, licence, and how it wants posts prepared.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadTextEncoder, type Preparation, type TextEncoder } from '@renown/ml'
import { type BaseDescription, describeBase, type ModelFolder, resolveModel } from '@renown/models'
import { PREPARATIONS } from '../preparations.ts'
import type { TrainRequest } from './train-request.ts'

export interface TrainingBase {
  readonly folder: ModelFolder
  readonly description: BaseDescription
  /** Null where config.json names none: then the base has no head for a task. */
  readonly labels: readonly string[] | null
  readonly preparation: Preparation
  readonly encoder: TextEncoder
  /** Tokens a text may have in training, special tokens included. */
  readonly maxLength: number
}

/** Throws what resolving and loading throw, and ARGUMENTS_INVALID where `maxLength` is more than the base can read. */
export async function openBase(
  { base, preparation }: Pick<TrainRequest, 'base' | 'preparation'>,
  maxLength: number | null,
  home: string,
): Promise<TrainingBase> {
  const folder = await resolveModel(base, { home })
  const description = describeBase(folder, base)
  const encoder = await loadTextEncoder(folder.path)
  return {
    folder,
    description,
    labels: await readLabels(folder),
    preparation: preparation === null ? description.preparation : PREPARATIONS[preparation],
    encoder,
    maxLength: Math.min(maxLength ?? encoder.window, encoder.window),
  }
}

/** transformers gives two labels to a config without any; those mean nothing. */
async function readLabels({ path, manifest }: ModelFolder): Promise<readonly string[] | null> {
  const config = JSON.parse(await readFile(join(path, 'config.json'), 'utf8')) as { readonly id2label?: unknown }
  return config.id2label === undefined || config.id2label === null ? null : manifest.labels
}
