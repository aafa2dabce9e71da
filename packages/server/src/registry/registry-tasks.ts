// What the registry does for longer than a request lasts, one after the other: adding a model, reading every byte.
import { randomBytes } from 'node:crypto'
import type { RegistryTask, RegistryTaskKind } from '@renown/contract'
import { createHubClient, listModels, ModelsError, type Registry, resolveModel } from '@renown/models/serving'
import type { Logger } from 'pino'
import { ApiError } from '../errors.ts'
import { hidePaths } from '../http/model-problems.ts'
import { buildProblem, toApiError } from '../http/problems.ts'

const MOST_REMEMBERED = 20
const HUB = /^hf:/

export interface AddRequest {
  readonly reference: string
  readonly who: string
  readonly why: string
  readonly name?: string
}

export interface RegistryTasks {
  /** Copies a model into the registry. Throws MODEL_REFERENCE_REFUSED, REGISTRY_BUSY. */
  add(request: AddRequest): Promise<RegistryTask>
  /** Throws REGISTRY_BUSY. */
  verify(who: string): RegistryTask
  latest(): RegistryTask | null
  /** Throws TASK_NOT_FOUND. */
  find(id: string): RegistryTask
  /** Ends what can be ended, and waits for the rest. */
  close(): Promise<void>
}

export interface RegistryTasksOptions {
  readonly home: string
  readonly models: Registry
  readonly now: () => number
  readonly logger: Logger
}

/** What a task found out, to be shown. */
type Found = Partial<Pick<RegistryTask, 'progress' | 'version' | 'is_new' | 'verification'>>
type Work = (task: { readonly signal: AbortSignal; tell(found: Found): void }) => Promise<void>

export function createRegistryTasks(options: RegistryTasksOptions): RegistryTasks {
  const { home, models, now, logger } = options
  const tasks = new Map<string, RegistryTask>()
  const stop = new AbortController()
  let running: Promise<void> | null = null

  function start(kind: RegistryTaskKind, who: string, reference: string | null, work: Work): RegistryTask {
    if (running !== null) throw new ApiError('REGISTRY_BUSY')
    const id = randomBytes(16).toString('base64url')
    const [oldest] = tasks.keys()
    if (tasks.size >= MOST_REMEMBERED && oldest !== undefined) tasks.delete(oldest)
    const task = { ...NOTHING_YET, id, kind, who, reference, started_at: time() }
    tasks.set(id, task)
    const tell = (found: Partial<RegistryTask>): void => {
      tasks.set(id, { ...(tasks.get(id) ?? task), ...found })
    }
    running = work({ signal: stop.signal, tell })
      .then(
        () => tell({ status: 'done', finished_at: time(), progress: null }),
        (error: unknown) => {
          logger.warn({ err: error, kind, reference }, 'a task of the registry failed')
          tell({ status: 'failed', finished_at: time(), progress: null, problem: explain(error) })
        },
      )
      .finally(() => {
        running = null
      })
    return task
  }

  function time(): string {
    return new Date(now()).toISOString()
  }

  return {
    async add({ reference, who, why, name }) {
      await checkReference(home, reference)
      return start('add', who, reference, async ({ signal, tell }) => {
        const hub = createHubClient({ notify: (message) => logger.warn(message) })
        const onProgress = (progress: NonNullable<RegistryTask['progress']>): void => tell({ progress })
        const { path, origin } = await resolveModel(reference, { home, hub, signal, onProgress })
        const added = await models.add(path, {
          who,
          why,
          ...(name === undefined ? {} : { name }),
          ...(origin === undefined ? {} : { origin }),
        })
        tell({ version: added.version.version, is_new: added.isNew })
      })
    },
    verify: (who) =>
      start('verify', who, null, async ({ signal, tell }) => {
        const { problems, ...counts } = await models.verify(signal)
        tell({ verification: { ...counts, problems: problems.map(hidePaths) } })
      }),
    latest: () => [...tasks.values()].at(-1) ?? null,
    find(id) {
      const task = tasks.get(id)
      if (task === undefined) throw new ApiError('TASK_NOT_FOUND')
      return task
    },
    async close() {
      stop.abort()
      await running
    },
  }
}

const NOTHING_YET = {
  status: 'running',
  finished_at: null,
  progress: null,
  version: null,
  is_new: null,
  verification: null,
  problem: null,
} as const satisfies Partial<RegistryTask>

/** A path would let a request have any folder of the machine read: only what is listed may be named. */
async function checkReference(home: string, reference: string): Promise<void> {
  if (HUB.test(reference)) return
  const known = await listModels(home)
  if (known.some((model) => model.reference === reference || model.aliases?.includes(reference))) return
  throw new ApiError('MODEL_REFERENCE_REFUSED', {
    detail: 'Expected hf:owner/name[@revision], the name of a folder in HOME/models, or default.',
  })
}

function explain(error: unknown): NonNullable<RegistryTask['problem']> {
  if (error instanceof ModelsError) return { code: error.code, detail: hidePaths(error.message) }
  const { code, detail } = buildProblem(toApiError(error))
  return { code, detail }
}
