// Fills a folder with what loaders read of a model: config.json, tokenizer, ONNX files, weights.
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportOnnx, openWeights, readEncoderConfig, type WeightSource, writeSafetensors } from '@renown/ml'
import { ModelsError } from './errors.ts'
import { hashFile } from './hash-file.ts'
import {
  CONFIG_FILE,
  FLOAT_ONNX_FILE,
  LICENSE_FILE,
  QUANTIZED_ONNX_FILE,
  SAFETENSORS_FILE,
  TOKENIZER_FILES,
} from './loader-files.ts'
import type { FileRecord } from './manifest.ts'

export const EXPORT_KINDS = ['quantized', 'float'] as const
export type ExportKind = (typeof EXPORT_KINDS)[number]

export interface ModelFilesOptions {
  /** A file with the licence's text, which is put into the folder as LICENSE. */
  readonly licenseFile?: string
  /** Names of the classes in the order of the logits, where the source's config.json has none. */
  readonly labels?: readonly string[]
  /** Which ONNX files to write; both unless given. */
  readonly kinds?: readonly ExportKind[]
  /** Also put `model.safetensors` into the folder. */
  readonly weights?: boolean
  readonly signal?: AbortSignal
  readonly onStep?: (step: string) => void
}

/** Makes the files in `folder` out of those in `source`. Returns the hashes of all that a loader may read. */
export async function writeModelFiles(
  source: string,
  folder: string,
  options: ModelFilesOptions,
): Promise<Readonly<Record<string, FileRecord>>> {
  await writeFile(join(folder, CONFIG_FILE), await renderConfig(source, options))
  const written = [CONFIG_FILE, ...(await copyTokenizer(source, folder))]
  const weights = await openWeights(source)
  try {
    written.push(...(await writeModels(weights, folder, options)))
  } finally {
    await weights.close()
  }
  if (options.licenseFile !== undefined) {
    await copyWritable(options.licenseFile, join(folder, LICENSE_FILE))
    written.push(LICENSE_FILE)
  }
  const records = await Promise.all(written.map((name) => hashFile(join(folder, name))))
  return Object.fromEntries(written.map((name, index) => [name, records[index] as FileRecord]))
}

async function writeModels(
  weights: WeightSource,
  folder: string,
  options: ModelFilesOptions,
): Promise<readonly string[]> {
  const config = await readEncoderConfig(folder)
  const written: string[] = []
  await mkdir(join(folder, 'onnx'))
  for (const kind of EXPORT_KINDS) {
    if (!(options.kinds ?? EXPORT_KINDS).includes(kind)) continue
    const file = kind === 'float' ? FLOAT_ONNX_FILE : QUANTIZED_ONNX_FILE
    beginStep(options, file)
    await exportOnnx(weights, config, join(folder, file), { quantize: kind === 'quantized' })
    written.push(file)
  }
  if (options.weights === true) {
    beginStep(options, SAFETENSORS_FILE)
    const tensors = weights.list().map(({ name, shape }) => ({ name, shape, data: () => weights.read(name) }))
    await writeSafetensors(join(folder, SAFETENSORS_FILE), tensors)
    written.push(SAFETENSORS_FILE)
  }
  return written
}

function beginStep(options: ModelFilesOptions, name: string): void {
  options.signal?.throwIfAborted()
  options.onStep?.(name)
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

/** config.json as it is, but for the names of the classes, if given, and for what it says of the weights beside it. */
async function renderConfig(source: string, { labels, weights }: ModelFilesOptions): Promise<string> {
  const text = await readFile(join(source, CONFIG_FILE), 'utf8')
  if (labels === undefined && weights !== true) return text
  const config = JSON.parse(text) as Record<string, unknown>
  const named = labels === undefined ? config : { ...config, ...labelFields(config, labels) }
  return `${JSON.stringify(weights === true ? describeWeights(named) : named, null, 2)}\n`
}

/** transformers makes the class that is named here, and loads weights in the type that is named here. */
function describeWeights(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { torch_dtype: _older, ...rest } = config
  const architecture = CLASSIFIERS[String(config.model_type)]
  return { ...rest, ...(architecture === undefined ? {} : { architectures: [architecture] }), dtype: 'float32' }
}

const CLASSIFIERS: Readonly<Record<string, string>> = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
}

function labelFields(config: Readonly<Record<string, unknown>>, labels: readonly string[]): Record<string, unknown> {
  const known =
    typeof config.id2label === 'object' && config.id2label !== null ? Object.keys(config.id2label).length : null
  if (known !== null && known !== labels.length) {
    throw new ModelsError('EXPORT_REFUSED', `expected ${known} labels, as config.json has, got ${labels.length}`)
  }
  return {
    id2label: Object.fromEntries(labels.map((label, index) => [String(index), label])),
    label2id: Object.fromEntries(labels.map((label, index) => [label, index])),
  }
}

/** A copy that its owner may replace or delete, whatever the original's mode. */
async function copyWritable(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await chmod(to, 0o644)
}
