// From a transformers folder to a model folder of ours: `renown export`.
import { writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { loadTextEncoder, type Preparation } from '@renown/ml'
import { recordAnswers } from './answers/record-answers.ts'
import { hashRecords } from './hash-file.ts'
import {
  type BaseModel,
  CARD_FILE,
  type FileRecord,
  MANIFEST_FILE,
  type ModelManifest,
  parseManifest,
  type TrainingRecord,
} from './manifest.ts'
import { openModelFolder } from './open-model-folder.ts'
import { renderModelCard } from './render-model-card.ts'
import { type ModelFilesOptions, writeModelFiles } from './write-model-files.ts'
import { writeWholeFolder } from './write-whole-folder.ts'

export interface ModelFacts {
  readonly name?: string
  /** Without it, the start of the files' common hash. */
  readonly version?: string
  /** Version of the model folder that this one continues. */
  readonly parent?: string | null
  readonly license?: string
  readonly base?: BaseModel | null
  readonly preparation?: Preparation
  readonly temperature?: number
  readonly labels?: readonly string[]
  readonly training?: TrainingRecord
  readonly created?: Date
}

export interface ExportOptions extends ModelFilesOptions, Omit<ModelFacts, 'parent'> {
  readonly base?: BaseModel
}

export interface ExportReport {
  readonly path: string
  readonly hash: string
  readonly manifest: ModelManifest
}

/**
 * Writes config.json, the tokenizer's files, the ONNX files, renown.json and the card into a folder beside the output,
 * and renames it at the end: the output is whole or absent. Throws EXPORT_REFUSED (output not empty), EXPORT_FAILED
 * (disk full and the like), and the learning core's errors on a source that it can't read.
 */
export async function exportModelFolder(
  source: string,
  output: string,
  options: ExportOptions = {},
): Promise<ExportReport> {
  const manifest = await writeWholeFolder(output, options, async (folder) => {
    const from = await openModelFolder(source)
    const files = await writeModelFiles(from.path, folder, options)
    const draft = await describeModel(from.manifest, folder, files, { name: outputName(output), ...options })
    const described = { ...draft, answers: await recordAnswers({ path: folder, manifest: draft }, options) }
    await writeDescription(folder, described)
    return described
  })
  return { path: resolve(output), hash: hashRecords(manifest.files), manifest }
}

export function outputName(output: string): string {
  return basename(resolve(output))
}

/** The manifest of files that were just made: what is given, otherwise what the source says of itself. */
export async function describeModel(
  source: ModelManifest,
  folder: string,
  files: Readonly<Record<string, FileRecord>>,
  facts: ModelFacts & { readonly name: string },
): Promise<ModelManifest> {
  const { window } = await loadTextEncoder(folder)
  return parseManifest({
    format: 1,
    name: facts.name,
    version: facts.version ?? hashRecords(files).slice(0, 12),
    parent: facts.parent === undefined ? source.parent : facts.parent,
    base: facts.base === undefined ? source.base : facts.base,
    license: facts.license ?? source.license,
    created: (facts.created ?? new Date()).toISOString(),
    labels: facts.labels ?? source.labels,
    temperature: facts.temperature ?? source.temperature,
    temperatureFit: facts.temperature === undefined ? source.temperatureFit : undefined,
    window,
    preparation: facts.preparation ?? source.preparation,
    training: facts.training ?? source.training,
    evaluations: [],
    files,
  })
}

/** renown.json and the card that follows from it. */
export async function writeDescription(folder: string, manifest: ModelManifest): Promise<void> {
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
  await writeFile(join(folder, CARD_FILE), renderModelCard(manifest))
}
