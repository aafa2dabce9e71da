// A model folder to a repository on the Hub: planned first, then sent, committed at once and tagged.
import { ModelsError } from '../../errors.ts'
import type { ModelFolder } from '../../open-model-folder.ts'
import { createHubClient, type HubClient } from '../hub-client.ts'
import { askFiles, pageOf } from '../list-files.ts'
import { type Repository, repositoryLabel } from '../repository.ts'
import type { HubProgress } from '../snapshot.ts'
import { askUploadModes } from './ask-upload-modes.ts'
import { commitChanges } from './commit-changes.ts'
import { isUnchanged, type PublishChange, planChanges } from './plan-changes.ts'
import { checkTagName, toTarget } from './publish-target.ts'
import { type LocalFile, listPublishable } from './publishable-files.ts'
import { askState, type CallOptions, createRepository, type RemoteState } from './remote-repository.ts'
import { checkTag, setTag } from './tag-version.ts'
import { uploadLarge } from './upload-large.ts'

export interface PublishOptions extends CallOptions {
  /** `owner/name`, or `name` where HF_USERNAME says whose. */
  readonly to: string
  /** Made from the environment unless given. */
  readonly hub?: HubClient
  /** HF_USERNAME. */
  readonly owner?: string
  /** A repository that is made is private; one that is public is refused. */
  readonly private?: boolean
  /** `v` and the version unless given; null for none. */
  readonly tag?: string | null
  readonly message?: string
  /** The commit that `main` must be at, null for no repository yet; any unless given. */
  readonly expect?: string | null
  /** Say what would change, and change nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: HubProgress) => void
}

export interface Publication {
  /** `owner/name` */
  readonly name: string
  /** The repository's page. */
  readonly page: string
  /** Made for this, or to be made where it is a dry run. */
  readonly isNew: boolean
  readonly isPrivate: boolean
  readonly changes: readonly PublishChange[]
  /** What `main` is at: unchanged in a dry run and where nothing differs; null where there is no repository. */
  readonly commit: string | null
  /** True where a commit was made. */
  readonly isCommitted: boolean
  readonly tag: string | null
  /** True where the tag stood already. */
  readonly hadTag: boolean
}

interface Job {
  readonly client: HubClient
  readonly folder: ModelFolder
  readonly repository: Repository
  readonly files: readonly LocalFile[]
  readonly tag: string | null
  readonly options: PublishOptions
}

/**
 * Publishes a folder that was opened with its hashes compared. Either `main` has everything at once, or it is as it was.
 * Throws PUBLISH_REFUSED, HUB_NAME_INVALID, HUB_TAG_EXISTS and HUB_UNAUTHORIZED before anything is sent, HUB_CONFLICT,
 * MODEL_HASH_MISMATCH (a file has changed meanwhile), and what `requestHub` throws.
 */
export async function publishModel(folder: ModelFolder, options: PublishOptions): Promise<Publication> {
  const client = options.hub ?? createHubClient()
  const repository = toTarget(options.to, options.owner)
  const tag = checkTagName(options.tag, folder.manifest.version)
  const files = await listPublishable(folder)
  checkAccess(client)
  const job: Job = { client, folder, repository, files, tag, options }
  const state = await askState(client, repository, callOptions(options))
  checkVisibility(repository, options, state)
  checkExpected(repository, options, state)
  const plan = await planJob(job, state)
  return options.dryRun === true ? plan : await carryOut(job, plan, state)
}

/** Where a publication would go. */
export interface PublishPlace {
  /** `owner/name` */
  readonly name: string
  /** What `main` is at; null where there is no repository. */
  readonly commit: string | null
}

/**
 * What can be refused before there is a model: the name, the token, a public repository for a private model. Throws
 * HUB_NAME_INVALID, HUB_UNAUTHORIZED, PUBLISH_REFUSED, and what `requestHub` throws.
 */
export async function checkPublishing(options: PublishOptions): Promise<PublishPlace> {
  const client = options.hub ?? createHubClient()
  const repository = toTarget(options.to, options.owner)
  checkAccess(client)
  const state = await askState(client, repository, callOptions(options))
  checkVisibility(repository, options, state)
  return { name: repository.name, commit: state?.commit ?? null }
}

/** What was decided by comparing with one commit must not replace another. */
function checkExpected(repository: Repository, { expect }: PublishOptions, state: RemoteState | null): void {
  const commit = state?.commit ?? null
  if (expect === undefined || expect === commit) return
  throw new ModelsError(
    'HUB_CONFLICT',
    `${repositoryLabel(repository)} has changed meanwhile: expected main at ${expect ?? 'nothing'}, got ${commit ?? 'nothing'}`,
  )
}

function checkAccess({ settings }: HubClient): void {
  if (settings.offline) throw new ModelsError('HUB_UNREACHABLE', 'HF_HUB_OFFLINE is set, so nothing can be published')
  if (settings.token !== null) return
  throw new ModelsError(
    'HUB_UNAUTHORIZED',
    `publishing needs a token with write access in HF_TOKEN: make one at ${settings.endpoint}/settings/tokens`,
  )
}

/** What is meant to be private must not become public by a name that was taken. */
function checkVisibility(repository: Repository, options: PublishOptions, state: RemoteState | null): void {
  if (options.private !== true || state === null || state.isPrivate) return
  throw new ModelsError(
    'PUBLISH_REFUSED',
    `${repositoryLabel(repository)} is public: make it private in its settings, or name another`,
  )
}

function callOptions({ signal }: PublishOptions): CallOptions {
  return signal === undefined ? {} : { signal }
}

async function planJob(job: Job, state: RemoteState | null): Promise<Publication> {
  const { client, repository, files, tag, options } = job
  const call = callOptions(options)
  const remote = state === null ? [] : await askFiles(client, repository, state.commit, call)
  const tagged = state === null || tag === null ? null : await checkTag(client, repository, tag, files, call)
  return {
    name: repository.name,
    page: pageOf(client.settings.endpoint, repository),
    isNew: state === null,
    isPrivate: state?.isPrivate ?? options.private === true,
    changes: await planChanges(files, remote),
    commit: state?.commit ?? null,
    isCommitted: false,
    tag,
    hadTag: tagged !== null,
  }
}

async function carryOut(job: Job, plan: Publication, state: RemoteState | null): Promise<Publication> {
  if (state === null) return await carryOutAnew(job)
  const commit = isUnchanged(plan.changes) ? state.commit : await sendAll(job, plan, state.commit)
  await tagCommit(job, plan, commit)
  return { ...plan, commit, isCommitted: commit !== state.commit }
}

async function carryOutAnew(job: Job): Promise<Publication> {
  const { client, repository, options } = job
  const call = callOptions(options)
  await createRepository(client, repository, { ...call, isPrivate: options.private === true })
  const state = await askState(client, repository, call)
  if (state === null) {
    throw new ModelsError(
      'HUB_NOT_FOUND',
      `${repositoryLabel(repository)} was made, and the Hub doesn't show it: try again`,
    )
  }
  checkVisibility(repository, options, state)
  return { ...(await carryOut(job, await planJob(job, state), state)), isNew: true }
}

async function sendAll(job: Job, { changes }: Publication, parent: string): Promise<string> {
  const { client, repository, files, folder, options } = job
  const kinds = new Map(changes.map(({ path, kind }) => [path, kind]))
  const context = { client, repository, ...callOptions(options), ...progressOf(options) }
  const { regular, large } = await askUploadModes(
    context,
    files.filter(({ path }) => kinds.get(path) !== 'unchanged'),
  )
  await uploadLarge(context, large)
  const { name, version } = folder.manifest
  return await commitChanges(
    client,
    {
      repository,
      parent,
      files,
      regular,
      large,
      removed: changes.filter(({ kind }) => kind === 'removed').map(({ path }) => path),
      message: options.message ?? `Publish ${name} ${version}`,
    },
    callOptions(options),
  )
}

function progressOf({ onProgress }: PublishOptions): Pick<PublishOptions, 'onProgress'> {
  return onProgress === undefined ? {} : { onProgress }
}

async function tagCommit(job: Job, { hadTag }: Publication, commit: string): Promise<void> {
  const { client, repository, files, tag, options } = job
  if (tag === null || hadTag) return
  await setTag(client, repository, { tag, commit, files }, callOptions(options)).catch((cause: unknown) => {
    if (!(cause instanceof ModelsError)) throw cause
    const state = `${repositoryLabel(repository)} is published as ${commit}, but not tagged ${tag}`
    throw new ModelsError(cause.code, `${state}: ${cause.message}`, { cause })
  })
}
