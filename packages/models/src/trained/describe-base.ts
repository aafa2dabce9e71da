// What the lineage of a new model says of the folder that it was trained on.
import type { Preparation } from '@renown/ml'
import { parse } from 'yaml'
import { hashRecords } from '../hash-file.ts'
import { isWeightShard, SAFETENSORS_FILE } from '../loader-files.ts'
import type { BaseModel, FileRecord } from '../manifest.ts'
import type { ModelFolder } from '../open-model-folder.ts'
import { FRONT_MATTER } from '../update-model-card.ts'

export interface BaseDescription {
  readonly base: BaseModel
  /** Its version, where it is a model folder of ours. */
  readonly parent: string | null
  /** Null where neither its manifest nor its card names one. */
  readonly license: string | null
  readonly preparation: Preparation
}

/** `name` is what it was asked for by, such as `cardiffnlp/twitter-roberta-base`; `revision` the commit on the Hub. */
export function describeBase(folder: ModelFolder, name: string, revision?: string): BaseDescription {
  const { manifest } = folder
  const sha256 = weightsHash(manifest.files)
  return {
    base: {
      name,
      ...(revision === undefined ? {} : { revision }),
      ...(sha256 === null ? {} : { sha256 }),
    },
    parent: folder.derived ? null : manifest.version,
    license: manifest.license === 'unknown' ? cardLicense(folder.card) : manifest.license,
    preparation: manifest.preparation,
  }
}

/** Of the one file that holds the weights, or over its shards. */
function weightsHash(files: Readonly<Record<string, FileRecord>>): string | null {
  const whole = files[SAFETENSORS_FILE]
  if (whole !== undefined) return whole.sha256
  const shards = Object.entries(files).filter(([name]) => isWeightShard(name))
  if (shards.length > 0) return hashRecords(Object.fromEntries(shards))
  return files['pytorch_model.bin']?.sha256 ?? null
}

function cardLicense(card: string): string | null {
  try {
    const fields = parse(FRONT_MATTER.exec(card)?.[1] ?? '') as { readonly license?: unknown } | null
    const license = fields?.license
    return typeof license === 'string' && license !== 'unknown' && license.trim() !== '' ? license.trim() : null
  } catch {
    return null
  }
}
