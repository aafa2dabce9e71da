// `renown models list | show | verify`.
import { listModels, type ManifestEvaluation, type ModelFolder, openModelFolder } from '@renown/models'
import { EXIT_OK } from './exit-codes.ts'
import { formatBytes, formatCount, formatShare } from './format/numbers.ts'
import { formatTable } from './format/table.ts'
import { type Io, writeAll } from './io.ts'
import { openNamedModel } from './open-named-model.ts'
import { readModelSettings } from './settings.ts'

export interface ModelsFlags {
  readonly home?: string
  readonly config?: string
  readonly json?: boolean
}

interface ListedModel {
  readonly reference: string
  readonly path: string
  readonly name: string | null
  readonly version: string | null
  readonly macroRecall: number | null
  readonly problem: string | null
}

export async function listKnownModels(io: Io, flags: ModelsFlags): Promise<number> {
  const { home } = await readModelSettings(io, flags)
  const models = await Promise.all((await listModels(home)).map(describeKnown))
  if (flags.json === true) return await printJson(io, models)
  const rows = models.map((model) => [
    model.reference,
    model.name ?? '',
    model.version ?? '',
    model.macroRecall === null ? '' : formatShare(model.macroRecall),
    model.problem ?? model.path,
  ])
  await writeAll(io.stdout, `${formatTable(['reference', 'name', 'version', 'macro recall', 'folder'], rows)}\n`)
  return EXIT_OK
}

/** A broken folder is listed with what is wrong with it. Hashes are not compared: `verify` does that. */
async function describeKnown({ reference, path }: { reference: string; path: string }): Promise<ListedModel> {
  try {
    const { manifest } = await openModelFolder(path, { verify: false })
    const { name, version } = manifest
    const macroRecall = manifest.evaluations[0]?.metrics.macroRecall?.value ?? null
    return { reference, path, name, version, macroRecall, problem: null }
  } catch (error) {
    return { reference, path, name: null, version: null, macroRecall: null, problem: (error as Error).message }
  }
}

export async function showModel(io: Io, reference: string | undefined, flags: ModelsFlags): Promise<number> {
  const folder = await openReference(io, reference, flags)
  if (flags.json === true) return await printJson(io, { path: folder.path, hash: folder.hash, ...folder.manifest })
  await writeAll(io.stdout, `${describeModel(folder)}\n`)
  return EXIT_OK
}

function describeModel({ path, hash, manifest, derived }: ModelFolder): string {
  const { preparation } = manifest
  const facts = [
    ['name', manifest.name],
    ['version', manifest.version],
    ['base', manifest.base?.name ?? 'not recorded'],
    ['licence', manifest.license],
    ['created', manifest.created],
    ['labels', manifest.labels.join(', ')],
    ['window', manifest.window === undefined ? "the tokenizer's" : `${manifest.window} tokens`],
    ['temperature', String(manifest.temperature)],
    [
      'preparation',
      Object.entries(preparation)
        .map(([what, how]) => `${what}: ${how}`)
        .join(', '),
    ],
    ['folder', path],
    ['hash', hash],
  ]
  const files = Object.entries(manifest.files).map(([name, { bytes }]) => [name, formatBytes(bytes)])
  const note = derived ? '\n\nThe folder has no renown.json: this was made from its other files.' : ''
  const list = facts.map(([name, value]) => `${(name as string).padEnd(12)} ${value}`).join('\n')
  return `${list}\n\n${formatTable(['file', 'size'], files)}\n\n${describeEvaluations(manifest.evaluations)}${note}`
}

function describeEvaluations(evaluations: readonly ManifestEvaluation[]): string {
  if (evaluations.length === 0) return 'No evaluation is recorded.'
  const rows = evaluations.map((evaluation) => {
    const recall = evaluation.metrics.macroRecall
    const hasInterval = recall?.low !== undefined && recall.high !== undefined
    return [
      evaluation.file,
      evaluation.encoding ?? '',
      `${evaluation.dataSet}, ${evaluation.split}`,
      formatCount(evaluation.rows),
      recall === undefined ? '' : formatShare(recall.value),
      hasInterval ? `${formatShare(recall.low as number)} – ${formatShare(recall.high as number)}` : '',
    ]
  })
  return formatTable(['measured file', 'weights', 'data', 'posts', 'macro recall', '95 % interval'], rows)
}

export async function verifyModel(io: Io, reference: string | undefined, flags: ModelsFlags): Promise<number> {
  const folder = await openReference(io, reference, flags)
  const names = Object.keys(folder.manifest.files)
  if (flags.json === true) return await printJson(io, { path: folder.path, hash: folder.hash, files: names, ok: true })
  const head = folder.derived
    ? `${folder.path} has no renown.json, so there are no hashes to compare with`
    : `${folder.manifest.name} ${folder.manifest.version}: all ${names.length} files match renown.json`
  await writeAll(io.stdout, `${head}\n${names.map((name) => `  ${name}`).join('\n')}\n`)
  return EXIT_OK
}

async function openReference(io: Io, reference: string | undefined, flags: ModelsFlags): Promise<ModelFolder> {
  const settings = await readModelSettings(io, { ...flags, ...(reference === undefined ? {} : { model: reference }) })
  return await openNamedModel(io, settings)
}

async function printJson(io: Io, value: unknown): Promise<number> {
  await writeAll(io.stdout, `${JSON.stringify(value, null, 2)}\n`)
  return EXIT_OK
}
