// `renown models list | show | verify`.
import {
  type KnownModel,
  listModels,
  type ManifestEvaluation,
  type ModelFolder,
  openModelFolder,
  openRegistry,
  type RegistryVerification,
  type RegistryVersion,
} from '@renown/models'
import { EXIT_FAILURE, EXIT_OK } from './exit-codes.ts'
import { formatBytes, formatCount, formatShare } from './format/numbers.ts'
import { formatTable } from './format/table.ts'
import { type Io, printJson, writeAll } from './io.ts'
import { openNamedModel } from './open-named-model.ts'
import { readModelSettings } from './settings.ts'

export interface ModelsFlags {
  readonly home?: string
  readonly config?: string
  readonly json?: boolean
}

interface ListedModel {
  readonly reference: string
  readonly aliases: readonly string[]
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
    model.aliases.join(', '),
    model.name ?? '',
    model.version ?? '',
    model.macroRecall === null ? '' : formatShare(model.macroRecall),
    model.problem ?? model.path,
  ])
  await writeAll(io.stdout, `${formatTable(LIST_HEAD, rows)}\n`)
  return EXIT_OK
}

const LIST_HEAD = ['reference', 'aliases', 'name', 'version', 'macro recall', 'folder']

/** A broken folder is listed with what is wrong with it. Hashes are not compared: `verify` does that. */
async function describeKnown({ reference, path, aliases = [] }: KnownModel): Promise<ListedModel> {
  try {
    const { manifest } = await openModelFolder(path, { verify: false })
    const { name, version } = manifest
    const macroRecall = manifest.evaluations[0]?.metrics.macroRecall?.value ?? null
    return { reference, aliases, path, name, version, macroRecall, problem: null }
  } catch (error) {
    const { message } = error as Error
    return { reference, aliases, path, name: null, version: null, macroRecall: null, problem: message }
  }
}

export async function showModel(io: Io, reference: string | undefined, flags: ModelsFlags): Promise<number> {
  const folder = await openReference(io, reference, flags)
  const registered = await findRegistered(io, folder, flags)
  const { path, hash, manifest } = folder
  if (flags.json === true) return await printJson(io, { path, hash, ...manifest, registered })
  const facts = registered === null ? '' : `${describeRegistered(registered)}\n\n`
  await writeAll(io.stdout, `${facts}${describeModel(folder)}\n`)
  return EXIT_OK
}

/** What the registry knows of the folder, if it is one of its versions. */
async function findRegistered(io: Io, { path }: ModelFolder, flags: ModelsFlags): Promise<RegistryVersion | null> {
  const { home } = await readModelSettings(io, flags)
  return (await openRegistry(home).list()).find((version) => version.path === path) ?? null
}

function describeRegistered({ version, name, aliases, added, who, why }: RegistryVersion): string {
  const named = aliases.length === 0 ? '' : `, ${aliases.join(', ')}`
  return `${version}${named}: ${name}, added ${added} by ${who} (${why})`
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

/** Without a reference the configured model, and the whole registry where there is one. */
export async function verifyModel(io: Io, reference: string | undefined, flags: ModelsFlags): Promise<number> {
  const folder = await openReference(io, reference, flags)
  const names = Object.keys(folder.manifest.files)
  const registry = reference === undefined ? await verifyRegistry(io, flags) : null
  const ok = registry === null || registry.problems.length === 0
  const { path, hash } = folder
  if (flags.json === true) await printJson(io, { path, hash, files: names, ...(registry && { registry }), ok })
  else await writeAll(io.stdout, `${describeVerified(folder, names)}${describeRegistry(registry)}`)
  return ok ? EXIT_OK : EXIT_FAILURE
}

async function verifyRegistry(io: Io, flags: ModelsFlags): Promise<RegistryVerification | null> {
  const { home } = await readModelSettings(io, flags)
  const report = await openRegistry(home).verify()
  return report.events === 0 ? null : report
}

function describeVerified({ path, manifest, derived }: ModelFolder, names: readonly string[]): string {
  const head = derived
    ? `${path} has no renown.json, so there are no hashes to compare with`
    : `${manifest.name} ${manifest.version}: all ${names.length} files match renown.json`
  return `${head}\n${names.map((name) => `  ${name}`).join('\n')}\n`
}

function describeRegistry(report: RegistryVerification | null): string {
  if (report === null) return ''
  const { events, versions, blobs, problems } = report
  if (problems.length > 0) return `\nThe registry is damaged:\n${problems.map((line) => `  ${line}`).join('\n')}\n`
  return `\nThe registry is whole: versions ${versions}, contents ${blobs}, events ${events}\n`
}

async function openReference(io: Io, reference: string | undefined, flags: ModelsFlags): Promise<ModelFolder> {
  const settings = await readModelSettings(io, { ...flags, ...(reference === undefined ? {} : { model: reference }) })
  return await openNamedModel(io, settings)
}
