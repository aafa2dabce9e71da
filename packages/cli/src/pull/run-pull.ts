// `renown pull`: from a repository on the Hub to a folder.
import { appendFile, cp } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ModelFolder, writeWholeFolder } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, note, writeAll } from '../io.ts'
import { readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'
import { type FoundModel, findBest, findModel, openModel, type PullContext } from './find-model.ts'

export interface PullFlags {
  readonly to: string
  readonly missingOk?: boolean
  readonly bestTo?: string
  readonly outputs?: string
  readonly home?: string
  readonly config?: string
}

/** What a pipeline calls a model or a commit that isn't there. */
const NONE = 'none'

export async function runPull(io: Io, repository: string, flags: PullFlags): Promise<number> {
  const { missingOk, outputs, to, bestTo, ...rest } = flags
  const { home } = await readModelSettings(io, rest)
  const interruption = watchInterruption()
  const context: PullContext = { io, home, signal: interruption.signal }
  try {
    const name = nameRepository(io, repository)
    const found = await (missingOk === true ? findModel : openModel)(context, name)
    if (found.folder === null) note(io, `${name} holds no model yet`)
    else await copyTo(io, found.folder, to)
    const best = bestTo === undefined ? null : await pullBest(context, name, found, bestTo)
    if (outputs !== undefined) await writeOutputs(outputs, describeFacts(name, found, { to, best }))
    return EXIT_OK
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    throw new CliError('INTERRUPTED', 'stopped: not everything was copied', { cause: error })
  } finally {
    interruption.dispose()
  }
}

/** Where the best version was copied to; null where what was pulled is the best. */
async function pullBest(
  context: PullContext,
  name: string,
  { folder }: FoundModel,
  to: string,
): Promise<string | null> {
  const best = folder === null ? null : await findBest(context, name, folder.manifest)
  if (best === null) return null
  await copyTo(context.io, best, to)
  return resolve(to)
}

/** `owner/name[@revision]`. Throws USAGE_INVALID. */
function nameRepository({ env }: Io, repository: string): string {
  const name = repository.replace(/^hf:(\/\/)?/i, '')
  if (name.includes('/')) return name
  const owner = env.HF_USERNAME ?? ''
  if (owner !== '') return `${owner}/${name}`
  throw new CliError('USAGE_INVALID', `"${repository}": expected owner/name, or the owner in HF_USERNAME`)
}

/** The cache has links where a folder to keep has files. */
async function copyTo(io: Io, { path, manifest, origin }: ModelFolder, to: string): Promise<void> {
  await writeWholeFolder(to, {}, async (folder) => await cp(path, folder, { recursive: true, dereference: true }))
  const commit = origin?.revision.slice(0, 12) ?? ''
  await writeAll(io.stdout, `${resolve(to)} is ${manifest.name} ${manifest.version}, commit ${commit}\n`)
}

function describeFacts(
  name: string,
  { folder, commit }: FoundModel,
  { to, best }: { readonly to: string; readonly best: string | null },
): Readonly<Record<string, string>> {
  const model = folder === null ? NONE : resolve(to)
  const facts = { model, name, commit: commit ?? NONE, best: best ?? NONE }
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
