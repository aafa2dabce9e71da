// From a transformers folder to a model folder of ours: `renown export`.
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import {
  exportOnnx,
  loadTextEncoder,
  openWeights,
  type Preparation,
  readEncoderConfig,
  type WeightSource,
  writeSafetensors,
} from '@renown/ml'
import { ModelsError } from './errors.ts'
import { hashFile, hashRecords } from './hash-file.ts'
import {
  CONFIG_FILE,
  FLOAT_ONNX_FILE,
  LICENSE_FILE,
  QUANTIZED_ONNX_FILE,
  SAFETENSORS_FILE,
  TOKENIZER_FILES,
} from './loader-files.ts'
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
import { checkOutput, createTemporaryFolder, publishFolder } from './temporary-folder.ts'

export const EXPORT_KINDS = ['quantized', 'float'] as const
export type ExportKind = (typeof EXPORT_KINDS)[number]

export interface ExportOptions {
  readonly name?: string
  /** Without it, the start of the files' common hash. */
  readonly version?: string
  readonly license?: string
  /** A file with the licence's text, which is put into the folder as LICENSE. */
  readonly licenseFile?: string
  readonly base?: BaseModel
  readonly preparation?: Preparation
  readonly temperature?: number
  /** Names of the classes in the order of the logits, where the source's config.json has none. */
  readonly labels?: readonly string[]
  readonly training?: TrainingRecord
  /** Which ONNX files to write; both unless given. */
  readonly kinds?: readonly ExportKind[]
  /** Also put `model.safetensors` into the folder. */
  readonly weights?: boolean
  readonly created?: Date
  readonly signal?: AbortSignal
  readonly onStep?: (step: string) => void
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
  await checkOutput(output)
  const from = await openModelFolder(source)
  const folder = await createTemporaryFolder(output).catch((cause: unknown) => failExport(output, cause))
  try {
    const files = await writeFiles(from.path, folder, options)
    const manifest = await describeExport(from.manifest, folder, files, {
      ...options,
      name: options.name ?? outputName(output),
    })
    await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
    await writeFile(join(folder, CARD_FILE), renderModelCard(manifest))
    options.signal?.throwIfAborted()
    await publishFolder(folder, output)
    return { path: resolve(output), hash: hashRecords(manifest.files), manifest }
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    return failExport(output, cause)
  }
}

function outputName(output: string): string {
  return basename(resolve(output))
}

/** System errors become ours; errors with a meaning of their own pass. */
function failExport(output: string, cause: unknown): never {
  const { code, syscall } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    throw new ModelsError('EXPORT_FAILED', `the disk is full: "${output}" was not written`, { cause })
  }
  if (syscall === undefined) throw cause
  throw new ModelsError('EXPORT_FAILED', `"${output}" could not be written: ${(cause as Error).message}`, { cause })
}

type Step = (name: string) => void

/** Fills the folder and returns the names of what a loader may read. */
async function writeFiles(source: string, folder: string, options: ExportOptions): Promise<string[]> {
  const step: Step = (name) => {
    options.signal?.throwIfAborted()
    options.onStep?.(name)
  }
  await writeFile(join(folder, CONFIG_FILE), await renderConfig(source, options.labels))
  const written = [CONFIG_FILE, ...(await copyTokenizer(source, folder))]
  const weights = await openWeights(source)
  try {
    written.push(...(await writeModels(weights, folder, options, step)))
  } finally {
    await weights.close()
  }
  if (options.licenseFile !== undefined) {
    await copyWritable(options.licenseFile, join(folder, LICENSE_FILE))
    written.push(LICENSE_FILE)
  }
  return written
}

async function writeModels(
  weights: WeightSource,
  folder: string,
  options: ExportOptions,
  step: Step,
): Promise<readonly string[]> {
  const config = await readEncoderConfig(folder)
  const written: string[] = []
  await mkdir(join(folder, 'onnx'))
  for (const kind of EXPORT_KINDS) {
    if (!(options.kinds ?? EXPORT_KINDS).includes(kind)) continue
    const file = kind === 'float' ? FLOAT_ONNX_FILE : QUANTIZED_ONNX_FILE
    step(file)
    await exportOnnx(weights, config, join(folder, file), { quantize: kind === 'quantized' })
    written.push(file)
  }
  if (options.weights === true) {
    step(SAFETENSORS_FILE)
    const tensors = weights.list().map(({ name, shape }) => ({ name, shape, data: () => weights.read(name) }))
    await writeSafetensors(join(folder, SAFETENSORS_FILE), tensors)
    written.push(SAFETENSORS_FILE)
  }
  return written
}

async function copyTokenizer(source: string, folder: string): Promise<string[]> {
  const copied: string[] = []
  for (const name of TOKENIZER_FILES) {
    const isThere = await copyWritable(join(source, name), join(folder, name)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false
        throw error
      },
    )
    if (isThere) copied.push(name)
  }
  return copied
}

/** config.json as it is, or with the given names of the classes. */
async function renderConfig(source: string, labels: readonly string[] | undefined): Promise<string> {
  const text = await readFile(join(source, CONFIG_FILE), 'utf8')
  if (labels === undefined) return text
  const config = JSON.parse(text) as Record<string, unknown>
  const known =
    typeof config.id2label === 'object' && config.id2label !== null ? Object.keys(config.id2label).length : null
  if (known !== null && known !== labels.length) {
    throw new ModelsError('EXPORT_REFUSED', `expected ${known} labels, as config.json has, got ${labels.length}`)
  }
  const id2label = Object.fromEntries(labels.map((label, index) => [String(index), label]))
  const label2id = Object.fromEntries(labels.map((label, index) => [label, index]))
  return `${JSON.stringify({ ...config, id2label, label2id }, null, 2)}\n`
}

async function describeExport(
  source: ModelManifest,
  folder: string,
  names: readonly string[],
  options: ExportOptions & { readonly name: string },
): Promise<ModelManifest> {
  const records = await Promise.all(names.map((name) => hashFile(join(folder, name))))
  const files = Object.fromEntries(names.map((name, index) => [name, records[index] as FileRecord]))
  const { window } = await loadTextEncoder(folder)
  return parseManifest({
    format: 1,
    name: options.name,
    version: options.version ?? hashRecords(files).slice(0, 12),
    parent: source.parent,
    base: options.base ?? source.base,
    license: options.license ?? source.license,
    created: (options.created ?? new Date()).toISOString(),
    labels: options.labels ?? source.labels,
    temperature: options.temperature ?? source.temperature,
    window,
    preparation: options.preparation ?? source.preparation,
    training: options.training ?? source.training,
    evaluations: [],
    files,
  })
}

/** A copy that its owner may replace or delete, whatever the original's mode. */
async function copyWritable(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await chmod(to, 0o644)
}
