// The model that serves, and what takes its place: follows an alias or a branch, rolls back, stays off what failed.
import type { Engine } from '@renown/inference'
import type { ModelFolder } from '@renown/models/serving'
import type { Logger } from 'pino'
import { codeOf, ServerError } from '../errors.ts'
import type { DeploymentMetrics } from '../metrics/deployment-metrics.ts'
import type { Guard } from './guard.ts'
import { isPassing } from './passing-errors.ts'
import type { Refusals } from './refusals.ts'
import type { Shadow } from './shadow.ts'
import type { Source, Target } from './sources.ts'
import type { Deployment, DeploymentStatus, LoadingVersion, RefusedVersion, ServedVersion } from './status.ts'

export interface Placed {
  readonly reference: string
  readonly folder: ModelFolder
  readonly since: string
}

export interface LiveParts {
  readonly engine: Pick<Engine, 'model' | 'swap' | 'rollback' | 'previous' | 'health'>
  readonly first: Omit<Placed, 'since'>
  readonly source: Source | null
  readonly refusals: Refusals
  readonly guard: Guard
  readonly shadow: Shadow
  readonly metrics: DeploymentMetrics
  readonly logger: Logger
  readonly now: () => number
  /** Opens the version and checks who vouches for it. */
  readonly open: (target: Target) => Promise<ModelFolder>
  /** What opening and loading threw. */
  readonly onNotLoaded: (error: unknown) => void
}

const BY_HAND = 'ROLLED_BACK'
const BY_GUARD = 'ROLLED_BACK_BY_GUARD'

export class LiveDeployment implements Deployment {
  readonly #parts: LiveParts
  #serving: Placed
  #previous: Placed | null = null
  #loading: LoadingVersion | null = null
  #checked: DeploymentStatus['checked'] = null
  #looking: Promise<void> | null = null
  #closed = false

  constructor(parts: LiveParts) {
    this.#parts = parts
    this.#serving = { ...parts.first, since: this.#time() }
    parts.metrics.refusing(parts.refusals.list().length)
  }

  /** Remembers the first model, for the next start. */
  async begin(): Promise<void> {
    const { source, refusals } = this.#parts
    if (source === null || refusals.lastServed(source.name) === this.#serving.reference) return
    await this.#changeRefused((refused) => refused)
  }

  /** Of the model that serves. */
  folder(): ModelFolder {
    return this.#serving.folder
  }

  status(): DeploymentStatus {
    const { source, engine, refusals, shadow } = this.#parts
    const kept = engine.previous() === null ? null : this.#previous
    return {
      following: source?.name ?? null,
      serving: toServed(this.#serving),
      previous: kept === null ? null : toServed(kept),
      loading: this.#loading,
      refused: refusals.list(),
      checked: this.#checked,
      challenger: shadow.status(),
    }
  }

  async check(): Promise<DeploymentStatus> {
    await this.#look()
    return this.status()
  }

  async rollback(reason: string): Promise<DeploymentStatus> {
    await this.#goBack(BY_HAND, reason)
    return this.status()
  }

  async allow(reference: string): Promise<DeploymentStatus> {
    const { refusals } = this.#parts
    if (refusals.find(reference) === null) {
      const known = refusals.list().map((entry) => entry.reference)
      const expected = known.join(', ') || 'none'
      throw new ServerError('VERSION_NOT_REFUSED', `"${reference}" is not refused: expected one of ${expected}`)
    }
    await this.#changeRefused((refused) => refused.filter((entry) => entry.reference !== reference))
    await this.#looking
    return await this.check()
  }

  /** Rolls back where the guard says so. */
  async watch(): Promise<void> {
    const { guard, logger } = this.#parts
    const reason = guard.verdict()
    if (reason === null) return
    guard.end()
    const going = this.#goBack(BY_GUARD, reason)
    await going.catch((err: unknown) => logger.error({ err, reason }, 'the guard cannot roll back'))
  }

  /** What is under way ends with the engine. */
  close(): void {
    this.#closed = true
  }

  #time(): string {
    return new Date(this.#parts.now()).toISOString()
  }

  /** One look at a time: who asks meanwhile gets the one that is under way. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    const { source, refusals, metrics, logger } = this.#parts
    if (source === null) return
    try {
      await refusals.read()
      this.#joinRollback()
      const target = await source.look()
      if (target.reference === this.#serving.reference) await this.#settle(target.reference)
      else if (refusals.find(target.reference) === null) await this.#take(target)
      this.#checked = { at: this.#time(), error: null }
    } catch (err) {
      const error = (err as Error).message
      if (this.#checked?.error !== error) logger.warn({ err }, 'what is followed cannot be looked at')
      this.#checked = { at: this.#time(), error }
      metrics.happened('look_failed')
    } finally {
      this.#loading = null
    }
  }

  /** Another process of the data folder has rolled back what serves here too. */
  #joinRollback(): void {
    const { refusals, engine, logger } = this.#parts
    const refusal = refusals.find(this.#serving.reference)
    if (refusal === null || !refusal.code.startsWith(BY_HAND) || this.#previous === null) return
    if (engine.rollback() === null) return
    this.#returnTo(this.#previous)
    logger.warn({ ...refusal, serving: this.#serving.reference }, 'rolled back, as another server has')
  }

  async #take(target: Target): Promise<void> {
    const { open, metrics, onNotLoaded } = this.#parts
    const { reference } = target
    const since = this.#time()
    this.#loading = { reference, step: 'fetch', since }
    let folder: ModelFolder | null = null
    try {
      folder = await open(target)
      // The same files, handled the same: only the name is another.
      if (isSameModel(folder, this.#serving.folder)) this.#serving = { reference, folder, since: this.#time() }
      else await this.#swap(reference, folder, since)
    } catch (error) {
      if (!this.#closed) onNotLoaded(error)
      if (isPassing(error) || this.#closed) throw error
      metrics.happened('refused')
      const code = codeOf(error) || 'MODEL_LOAD_FAILED'
      return await this.#refuse({ reference, hash: folder?.hash ?? '', code, reason: (error as Error).message })
    }
    await this.#settle(reference)
  }

  async #swap(reference: string, folder: ModelFolder, since: string): Promise<void> {
    const { engine, guard, metrics, logger } = this.#parts
    this.#loading = { reference, step: 'load', since }
    await engine.swap(folder, {
      keep: true,
      onCheck: () => {
        this.#loading = { reference, step: 'check', since }
      },
    })
    guard.begin()
    this.#previous = this.#serving
    this.#serving = { reference, folder, since: this.#time() }
    metrics.happened('swapped')
    logger.info({ reference, before: this.#previous.reference }, 'another model serves')
  }

  async #goBack(code: string, reason: string): Promise<void> {
    const bad = this.#serving
    if (this.#previous === null || this.#parts.engine.rollback() === null) {
      const message = `no model is loaded to go back to: expected one that served before ${bad.reference}`
      throw new ServerError('ROLLBACK_REFUSED', message)
    }
    this.#returnTo(this.#previous)
    await this.#refuse({ reference: bad.reference, hash: bad.folder.hash, code, reason })
  }

  #returnTo(placed: Placed): void {
    this.#serving = { ...placed, since: this.#time() }
    this.#previous = null
    this.#parts.guard.end()
    this.#parts.metrics.happened('rolled_back')
  }

  async #refuse(entry: Omit<RefusedVersion, 'at'>): Promise<void> {
    const at = this.#time()
    await this.#changeRefused((refused) => [
      { ...entry, at },
      ...refused.filter(({ reference }) => reference !== entry.reference),
    ])
    this.#parts.logger.error({ ...entry, serving: this.#serving.reference }, 'a model is refused, another one serves')
  }

  /** It serves as it should: what else was refused may be tried when it is named anew. */
  async #settle(reference: string): Promise<void> {
    const { source, refusals } = this.#parts
    const isKnown = source === null || refusals.lastServed(source.name) === reference
    if (isKnown && refusals.list().every((entry) => entry.reference === reference)) return
    await this.#changeRefused((refused) => refused.filter((entry) => entry.reference === reference))
  }

  /** Remembers what serves, too. */
  async #changeRefused(decide: (refused: readonly RefusedVersion[]) => readonly RefusedVersion[]): Promise<void> {
    const { source, refusals, metrics } = this.#parts
    const now = source === null ? {} : { [source.name]: this.#serving.reference }
    await refusals.change(({ served, refused }) => ({ served: { ...served, ...now }, refused: decide(refused) }))
    metrics.refusing(refusals.list().length)
  }
}

function toServed({ reference, folder, since }: Placed): ServedVersion {
  const { name, version } = folder.manifest
  return { reference, name, version, hash: folder.hash, since }
}

function isSameModel(one: ModelFolder, other: ModelFolder): boolean {
  return one.hash === other.hash && JSON.stringify(one.manifest) === JSON.stringify(other.manifest)
}
