// The first model: what the reference names, or what served last where that one can't serve.
import type { Engine } from '@renown/inference'
import type { ModelFolder } from '@renown/models/serving'
import type { Logger } from 'pino'
import { codeOf, ServerError } from '../errors.ts'
import type { LiveParts } from './live-deployment.ts'
import { isPassing } from './passing-errors.ts'
import type { Refusals } from './refusals.ts'
import type { Source, Target } from './sources.ts'

export interface FirstParts {
  /** As the settings name the model. */
  readonly reference: string
  readonly source: Source | null
  readonly refusals: Refusals
  readonly logger: Logger
  readonly now: () => number
  readonly toTarget: (reference: string) => Target
  readonly open: (target: Target) => Promise<ModelFolder>
  readonly start: (folder: ModelFolder) => Promise<Engine>
  /** What opening and starting threw. */
  readonly onNotLoaded: (error: unknown) => void
}

export type First = Pick<LiveParts, 'engine' | 'first'> & { readonly engine: Engine }

/** Throws VERSION_REFUSED, and what looking, opening and starting throw, where nothing has served before. */
export async function openFirst(parts: FirstParts): Promise<First> {
  const { reference, source, refusals, logger, toTarget } = parts
  if (source === null) return await start(parts, toTarget(reference))
  let target: Target | null = null
  try {
    target = await lookOrRemember(parts, source)
    const refused = refusals.find(target.reference)
    if (refused !== null) throw refuse(source.name, refused)
    return await start(parts, target)
  } catch (error) {
    const last = refusals.lastServed(source.name)
    if (last === null || last === target?.reference) throw error
    logger.error({ err: error, following: source.name, serving: last }, 'what served last serves again')
    const first = await start(parts, toTarget(last))
    if (target !== null && !isPassing(error)) await remember(parts, target, error)
    return first
  }
}

/** Where the Hub can't be asked, the branch is what it was when it was last asked. */
async function lookOrRemember({ logger, toTarget }: FirstParts, source: Source): Promise<Target> {
  return await source.look().catch((error: unknown) => {
    if (!codeOf(error).startsWith('HUB_')) throw error
    logger.warn({ err: error }, 'what is followed cannot be looked at')
    return toTarget(source.name)
  })
}

async function start({ open, start: startEngine, onNotLoaded }: FirstParts, target: Target): Promise<First> {
  try {
    const folder = await open(target)
    const commit = folder.origin === undefined ? null : `hf:${folder.origin.name}@${folder.origin.revision}`
    return { engine: await startEngine(folder), first: { reference: commit ?? target.reference, folder } }
  } catch (error) {
    onNotLoaded(error)
    throw error
  }
}

function refuse(following: string, { reference, code, reason }: { reference: string; code: string; reason: string }) {
  return new ServerError(
    'VERSION_REFUSED',
    `${following} is ${reference}, which this server stays off (${code}: ${reason}): promote another version, or remove it from deployment.json in the data folder`,
  )
}

async function remember({ refusals, now }: FirstParts, target: Target, error: unknown): Promise<void> {
  if (refusals.find(target.reference) !== null) return
  const entry = {
    reference: target.reference,
    hash: '',
    at: new Date(now()).toISOString(),
    code: codeOf(error) === '' ? 'MODEL_LOAD_FAILED' : codeOf(error),
    reason: (error as Error).message,
  }
  await refusals.change(({ served, refused }) => ({ served, refused: [entry, ...refused] }))
}
