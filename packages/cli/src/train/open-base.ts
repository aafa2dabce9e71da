// The model that a training starts from: its folder, labels, licence, and how it wants posts prepared.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadTextEncoder, type Preparation, type TextEncoder } from '@renown/ml'
import { type BaseDescription, describeBase, type ModelFolder } from '@renown/models'
import type { Io } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
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

export interface OpenModelContext {
  readonly io: Io
  readonly home: string
  readonly signal: AbortSignal
}

/** Throws what resolving and loading throw. */
export async function openBase(
  { base, baseName, preparation }: Pick<TrainRequest, 'base' | 'baseName' | 'preparation'>,
  maxLength: number | null,
  context: OpenModelContext,
): Promise<TrainingBase> {
  const { io, home, signal } = context
  const folder = await openNamedModel(io, { model: base, home, signal })
  const { origin } = folder
  const description = describeBase(folder, origin?.name ?? baseName ?? folder.manifest.name, origin?.revision)
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
