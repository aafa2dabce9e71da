// Starts the engine: resolves when the model is loaded and warm.
import type { ModelFolder } from '@renown/models'
import type { ClassifyOptions, ClassifyOutcome } from '@renown/reputation'
import { Call, type CallHost } from './call.ts'
import type { Deployment } from './deployment.ts'
import type { CloseOptions, Engine, EngineHealth, EngineStats, SwapOptions } from './engine.ts'
import { EngineError } from './errors.ts'
import { Intake } from './intake.ts'
import { type LoadOptions, loadDeployment } from './load-deployment.ts'
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
  /** Rolled back: what goes wrong in them is no trouble of ours. */
  readonly #dismissed = new Set<Deployment>()
  #current!: Deployment
  #previous: Deployment | null = null
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
    this.#current = await this.#load(folder, { beside: null })
    this.#current.serve(null)
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
      for (const deployment of this.#all()) deployment.leave(call)
    }
    if (this.#calls.size === 0) this.#whenQuiet?.()
  }

  model(): ServedModel {
    return this.#current.parts.model
  }

  swap(folder: ModelFolder, options: SwapOptions = {}): Promise<ServedModel> {
    const swapped = this.#swaps.then(() => this.#swap(folder, options))
    this.#swaps = swapped.catch(() => undefined)
    return swapped
  }

  previous(): ServedModel | null {
    return this.#previous === null || this.#previous.trouble() !== null ? null : this.#previous.parts.model
  }

  rollback(): ServedModel | null {
    const back = this.#previous
    if (back === null || this.previous() === null || this.#closed !== null) return null
    const bad = this.#current
    this.#current = back
    this.#previous = null
    this.#dismissed.add(bad)
    this.#retire(bad)
    return back.parts.model
  }

  overloaded(): number | null {
    const { admission } = this.#current
    if (admission.fits('interactive', A_POST)) return null
    this.#notify.rejected('overloaded')
    return admission.retryAfterSeconds('interactive', A_POST)
  }

  stats(): EngineStats {
    const deployments = this.#all()
    const queues = deployments.map((deployment) => deployment.queue())
    const { admission, rate, parts } = this.#current
    return {
      calls: this.#calls.size,
      queuedTexts: sum(queues.map(({ texts }) => texts)),
      queuedTokens: sum(queues.map(({ tokens }) => tokens)),
      runningTokens: sum(queues.map(({ runningTokens }) => runningTokens)),
      peakTexts: sum(deployments.map((deployment) => deployment.takePeakTexts())),
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
    const needed = [this.#current, ...this.#retiring].filter((deployment) => !this.#dismissed.has(deployment))
    const troubles = needed.map((deployment) => deployment.trouble())
    const reason = troubles.find((trouble) => trouble !== null) ?? null
    return { ready: reason === null, reason }
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(options.deadlineMs ?? CLOSE_DEADLINE_MS)
    return this.#closed
  }

  async #swap(folder: ModelFolder, { keep = false, onCheck }: SwapOptions): Promise<ServedModel> {
    if (this.#closed !== null) throw createClosedError()
    if (keep) this.#dropPrevious()
    const next = await this.#load(folder, { beside: this.#current, onCheck })
    if (this.#closed !== null) {
      await next.close()
      throw createClosedError()
    }
    const old = this.#current
    this.#current = next
    next.serve(old)
    if (keep) {
      this.#previous = old
      old.standBy()
    } else this.#retire(old)
    return next.parts.model
  }

  async #load(folder: ModelFolder, options: LoadOptions): Promise<Deployment> {
    const start = performance.now()
    const deployment = await loadDeployment(folder, this.#settings, this.#notify, options)
    this.#notify.loaded(deployment.parts.model, performance.now() - start)
    return deployment
  }

  #retire(deployment: Deployment): void {
    this.#retiring.add(deployment)
    void deployment.retire().then(() => {
      this.#retiring.delete(deployment)
      this.#dismissed.delete(deployment)
    })
  }

  #dropPrevious(): void {
    if (this.#previous === null) return
    this.#dismissed.add(this.#previous)
    this.#retire(this.#previous)
    this.#previous = null
  }

  #all(): readonly Deployment[] {
    return [this.#current, ...(this.#previous === null ? [] : [this.#previous]), ...this.#retiring]
  }

  async #close(deadlineMs: number): Promise<void> {
    await this.#waitUntilQuiet(deadlineMs)
    for (const call of [...this.#calls]) call.fail(createClosedError(), 'closed')
    await this.#swaps
    await Promise.all(this.#all().map((deployment) => deployment.close()))
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

function createClosedError(): EngineError {
  return new EngineError('CLOSED', 'the engine is closed')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
