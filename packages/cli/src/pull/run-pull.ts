// `renown pull`: from a repository on the Hub to a folder.
import { appendFile, cp } from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkPublishing, createHubClient, type ModelFolder, ModelsError, writeWholeFolder } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, note, writeAll } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'

export interface PullFlags {
  readonly to: string
  readonly missingOk?: boolean
  readonly outputs?: string
  readonly home?: string
  readonly config?: string
}

/** What a pipeline calls a model that isn't there. */
const NONE = 'none'

export async function runPull(io: Io, repository: string, flags: PullFlags): Promise<number> {
  const interruption = watchInterruption()
  const { signal } = interruption
  try {
    const name = nameRepository(io, repository)
    const folder =
      flags.missingOk === true ? await findModel(io, name, flags, signal) : await open(io, name, flags, signal)
    if (folder === null) note(io, `${name} holds no model yet`)
    else await copyTo(io, folder, flags.to)
    if (flags.outputs !== undefined) await writeOutputs(flags.outputs, describeFacts(name, folder, flags.to))
    return EXIT_OK
  } catch (error) {
    if (!signal.aborted) throw error
    throw new CliError('INTERRUPTED', 'stopped: nothing was copied', { cause: error })
  } finally {
    interruption.dispose()
  }
}

/** `owner/name[@revision]`. Throws USAGE_INVALID. */
function nameRepository({ env }: Io, repository: string): string {
  const name = repository.replace(/^hf:(\/\/)?/i, '')
  if (name.includes('/')) return name
  const owner = env.HF_USERNAME ?? ''
  if (owner !== '') return `${owner}/${name}`
  throw new CliError('USAGE_INVALID', `"${repository}": expected owner/name, or the owner in HF_USERNAME`)
}

async function open(io: Io, name: string, flags: PullFlags, signal: AbortSignal): Promise<ModelFolder> {
  const { home } = await readModelSettings(io, {
    ...(flags.home === undefined ? {} : { home: flags.home }),
    ...(flags.config === undefined ? {} : { config: flags.config }),
  })
  return await openNamedModel(io, { model: `hf:${name}`, home, signal })
}

/** What `main` has; null where there is no such repository, or no model in it. */
async function findModel(io: Io, name: string, flags: PullFlags, signal: AbortSignal): Promise<ModelFolder | null> {
  if (name.includes('@')) {
    throw new CliError('USAGE_INVALID', `"${name}": --missing-ok is for the newest, expected a repository without "@"`)
  }
  if ((io.env.HF_TOKEN ?? '') === '') {
    throw new CliError(
      'USAGE_INVALID',
      '--missing-ok: expected a token in HF_TOKEN, without which a private repository looks like a missing one',
    )
  }
  const { commit } = await checkPublishing({ to: name, hub: createHubClient({ env: io.env }), signal })
  if (commit === null) return null
  try {
    return await open(io, `${name}@${commit}`, flags, signal)
  } catch (error) {
    if (error instanceof ModelsError && error.code === 'MODEL_FILE_MISSING') return null
    throw error
  }
}

/** The cache has links where a folder to keep has files. */
async function copyTo(io: Io, { path, manifest, origin }: ModelFolder, to: string): Promise<void> {
  await writeWholeFolder(to, {}, async (folder) => await cp(path, folder, { recursive: true, dereference: true }))
  const commit = origin?.revision.slice(0, 12) ?? ''
  await writeAll(io.stdout, `${resolve(to)} is ${manifest.name} ${manifest.version}, commit ${commit}\n`)
}

function describeFacts(name: string, folder: ModelFolder | null, to: string): Readonly<Record<string, string>> {
  const facts = { model: folder === null ? NONE : resolve(to), name, commit: folder?.origin?.revision ?? NONE }
  const broken = Object.values(facts).find((value) => /[\r\n]/.test(value))
  if (broken === undefined) return facts
  throw new CliError('USAGE_INVALID', `--outputs: ${JSON.stringify(broken)} is more than one line`)
}

async function writeOutputs(path: string, facts: Readonly<Record<string, string>>): Promise<void> {
  const text = Object.entries(facts).map(([name, value]) => `${name}=${value}\n`)
  await appendFile(path, text.join('')).catch((cause: Error) => {
    throw new CliError('OUTPUT_FAILED', `--outputs: "${path}" can't be written: ${cause.message}`, { cause })
  })
}
