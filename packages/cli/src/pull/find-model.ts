// The model that a repository holds; where that is allowed, also that it holds none yet.
import {
  checkPublishing,
  createHubClient,
  findBestPublished,
  type ModelFolder,
  type ModelManifest,
  ModelsError,
} from '@renown/models'
import { CliError } from '../errors.ts'
import { type Io, note } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'

export interface PullContext {
  readonly io: Io
  readonly home: string
  readonly signal: AbortSignal
}

export interface FoundModel {
  readonly folder: ModelFolder | null
  /** What `main`, or what was named instead, is at; null where there is no repository. */
  readonly commit: string | null
}

/** Throws what `resolveModel` throws. */
export async function openModel({ io, home, signal }: PullContext, name: string): Promise<FoundModel> {
  const folder = await openNamedModel(io, { model: `hf:${name}`, home, signal })
  return { folder, commit: folder.origin?.revision ?? null }
}

/** What `main` holds. Throws USAGE_INVALID for a revision or without a token, and what the Hub refuses otherwise. */
export async function findModel(context: PullContext, name: string): Promise<FoundModel> {
  const { io, signal } = context
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
  if (commit === null) return { folder: null, commit }
  try {
    return await openModel(context, `${name}@${commit}`)
  } catch (error) {
    if (error instanceof ModelsError && error.code === 'MODEL_FILE_MISSING') return { folder: null, commit }
    throw error
  }
}

/** The best version that was ever tagged, where it is better than this one; null otherwise. */
export async function findBest(
  context: PullContext,
  name: string,
  champion: ModelManifest,
): Promise<ModelFolder | null> {
  const { io, signal } = context
  const [repository = name] = name.split('@')
  const best = await findBestPublished(createHubClient({ env: io.env }), repository, champion, { signal })
  if (best === null) return null
  note(io, `The best version that was ever published is ${best.tag}`)
  return (await openModel(context, `${repository}@${best.commit}`)).folder
}
