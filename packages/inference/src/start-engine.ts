// Starts the engine: resolves when the model is loaded and warm.
import type { ModelFolder } from '@renown/models'
import type { ClassifyOptions, ClassifyOutcome } from '@renown/reputation'
import { AnswerCache } from './answer-cache.ts'
import { Call, type CallHost } from './call.ts'
import type { Deployment } from './deployment.ts'
import type { CloseOptions, Engine, EngineHealth, EngineStats } from './engine.ts'
import { EngineError } from './errors.ts'
import { Intake } from './intake.ts'
import { loadDeployment } from './load-deployment.ts'
import { createNotify, type Notify, type RejectionReason } from './observer.ts'
import { type EngineOptions, type EngineSettings, resolveSettings } from './options.ts'
import type { ServedModel } from './served-model.ts'

const CLOSE_DEADLINE_MS = 10_000
/** Tokens of a text that is not known yet. */
const A_POST = 32

/** Throws MODEL_LOAD_FAILED, LABELS_UNSUPPORTED, OPTIONS_INVALID. */
export async function startEngine(folder: ModelFolder, options: EngineOptions = {}): Promise<Engine> {
  const settings = resolveSettings(options)
  const notify = createNotify(options.observer)
  const engine = new LiveEngine(settings, notify)
  await engine.open(folder)
  return engine
}

class LiveEngine implements Engine, CallHost {
  readonly #settings: EngineSettings
  readonly #notify: Notify
  readonly #intake: Intake
  readonly #calls = new Set<Call>()
  readonly #retiring = new Set<Deployment>()
  #current!: Deployment
  #cacheKey = ''
  #swaps: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | null = null
  #whenQuiet: (() => void) | null = null
  #workerRestarts = 0

  constructor(settings: EngineSettings, notify: Notify) {
    this.#settings = settings
    this.#notify = { ...notify, workerRestarted: (reason) => this.#countRestart(reason, notify) }
    this.#intake = new Intake(() => this.#current, settings.maxTextChars, notify)
  }

  async open(folder: ModelFolder): Promise<void> {
    this.#current = await this.#load(folder)
    this.#cacheKey = toCacheKey(folder, this.#current.parts.model)
  }

  classify(texts: readonly string[], options: ClassifyOptions = {}): Promise<readonly ClassifyOutcome[]> {
    if (this.#closed !== null) {
      this.#notify.rejected('closed')
      return Promise.reject(createClosedError())
    }
    if (texts.length === 0) return Promise.resolve([])
    const call = new Call(texts.length, options, this)
    if (!call.settled) {
      this.#calls.add(call)
      void this.#intake.take(call, texts, options)
    }
    return call.promise
  }

  ended(call: Call, reason: RejectionReason | null): void {
    this.#calls.delete(call)
    if (reason !== null) {
      this.#notify.rejected(reason)
      this.#current.leave(call)
      for (const deployment of this.#retiring) deployment.leave(call)
    }
    if (this.#calls.size === 0) this.#whenQuiet?.()
  }

  model(): ServedModel {
    return this.#current.parts.model
  }

  swap(folder: ModelFolder): Promise<ServedModel> {
    const swapped = this.#swaps.then(() => this.#swap(folder))
    this.#swaps = swapped.catch(() => undefined)
    return swapped
  }

  overloaded(): number | null {
    const { admission } = this.#current
    if (admission.fits('interactive', A_POST)) return null
    this.#notify.rejected('overloaded')
    return admission.retryAfterSeconds('interactive', A_POST)
  }

  stats(): EngineStats {
    const deployments = [this.#current, ...this.#retiring]
    const queues = deployments.map((deployment) => deployment.queue())
    const { admission, rate, parts } = this.#current
    return {
      calls: this.#calls.size,
      queuedTexts: sum(queues.map(({ texts }) => texts)),
      queuedTokens: sum(queues.map(({ tokens }) => tokens)),
      runningTokens: sum(queues.map(({ runningTokens }) => runningTokens)),
      peakTokens: sum(deployments.map((deployment) => deployment.admission.takePeak())),
      boundTokens: admission.bound(),
      tokensPerSecond: rate.tokensPerSecond(),
      cache: parts.cache.stats(),
      workerRestarts: this.#workerRestarts,
      retiringModels: this.#retiring.size,
    }
  }

  health(): EngineHealth {
    if (this.#closed !== null) return { ready: false, reason: 'the engine is closed' }
    const troubles = [this.#current, ...this.#retiring].map((deployment) => deployment.trouble())
    const reason = troubles.find((trouble) => trouble !== null) ?? null
    return { ready: reason === null, reason }
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(options.deadlineMs ?? CLOSE_DEADLINE_MS)
    return this.#closed
  }

  async #swap(folder: ModelFolder): Promise<ServedModel> {
    if (this.#closed !== null) throw createClosedError()
    const next = await this.#load(folder)
    if (this.#closed !== null) {
      await next.close()
      throw createClosedError()
    }
    const old = this.#current
    this.#current = next
    this.#cacheKey = toCacheKey(folder, next.parts.model)
    this.#retiring.add(old)
    void old.retire().then(() => this.#retiring.delete(old))
    return next.parts.model
  }

  #load(folder: ModelFolder): Promise<Deployment> {
    return loadDeployment(folder, this.#settings, this.#notify, (model) => this.#chooseCache(folder, model))
  }

  /** What the same model answered stays known; answers of another one don't count. */
  #chooseCache(folder: ModelFolder, model: ServedModel): AnswerCache {
    const { cacheEntries, cacheBytes } = this.#settings
    if (toCacheKey(folder, model) === this.#cacheKey) return this.#current.parts.cache
    return new AnswerCache(cacheEntries, cacheBytes)
  }

  async #close(deadlineMs: number): Promise<void> {
    await this.#waitUntilQuiet(deadlineMs)
    for (const call of [...this.#calls]) call.fail(createClosedError(), 'closed')
    await this.#swaps
    await Promise.all([this.#current, ...this.#retiring].map((deployment) => deployment.close()))
    this.#retiring.clear()
  }

  async #waitUntilQuiet(deadlineMs: number): Promise<void> {
    if (this.#calls.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs)
      this.#whenQuiet = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #countRestart(reason: string, notify: Notify): void {
    this.#workerRestarts++
    notify.workerRestarted(reason)
  }
}

/** Answers are the same where this is: the files, what happens to a text before and to the logits after. */
function toCacheKey(folder: ModelFolder, model: ServedModel): string {
  const { version, preparation, temperature, window } = folder.manifest
  return JSON.stringify([folder.hash, version, preparation, temperature, window, model.file])
}

function createClosedError(): EngineError {
  return new EngineError('CLOSED', 'the engine is closed')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
