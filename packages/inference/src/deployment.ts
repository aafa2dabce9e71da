// One model at work: tokenizer, queue, workers, bounds and cache. A hot swap puts another one in its place.
import { combineWindows, MlError, prepareText, softmax, type TextEncoder } from '@renown/ml/posts'
import type { ModelManifest } from '@renown/models'
import { Admission } from './admission.ts'
import type { AnswerCache } from './answer-cache.ts'
import type { BatchPart } from './batch.ts'
import type { Call } from './call.ts'
import { toClassification } from './classification.ts'
import type { Dispatcher, DispatcherHost } from './dispatcher.ts'
import type { DrainRate } from './drain-rate.ts'
import { EngineError, type RefusalCode } from './errors.ts'
import type { BatchReport, Notify } from './observer.ts'
import type { EngineSettings } from './options.ts'
import type { LabelPlaces } from './sentiment-labels.ts'
import type { ServedModel } from './served-model.ts'
import { createTask, type Priority, type Share, type Task, type Waiter } from './task.ts'
import { TokenEstimate } from './token-estimate.ts'

export interface DeploymentParts {
  readonly model: ServedModel
  readonly manifest: ModelManifest
  readonly encoder: TextEncoder
  readonly places: LabelPlaces
  readonly cache: AnswerCache
  /** Answers are the same where this is: the files, what happens to a text before and to the logits after. */
  readonly key: string
}

/** What an entering text brings along. */
export interface Entry {
  readonly call: Call
  readonly index: number
  /** As prepared. */
  readonly text: string
  readonly share: Share
  readonly priority: Priority
  /** Tokens that were reserved for it. */
  readonly reserved: number
}

export class Deployment implements DispatcherHost {
  readonly parts: DeploymentParts
  readonly admission: Admission
  readonly rate: DrainRate
  readonly #dispatcher: Dispatcher
  readonly #settings: EngineSettings
  readonly #notify: Notify
  readonly #estimate = new TokenEstimate()
  /** Texts that are queued or running, by prepared text: who asks for the same one joins. */
  readonly #inFlight = new Map<string, Task>()
  /** Calls that may still enter texts. */
  #pins = 0
  #whenIdle: (() => void) | null = null

  constructor(
    parts: DeploymentParts,
    dispatcher: Dispatcher,
    rate: DrainRate,
    settings: EngineSettings,
    notify: Notify,
  ) {
    this.parts = parts
    this.rate = rate
    this.admission = new Admission(settings, rate)
    this.#dispatcher = dispatcher
    this.#settings = settings
    this.#notify = notify
  }

  prepare(text: string): string {
    return prepareText(text, this.parts.manifest.preparation)
  }

  /** Tokens to reserve for a prepared text: nothing for one that is on its way already. */
  estimate(text: string): number {
    if (this.#inFlight.has(text)) return 0
    return Math.min(this.#estimate.of(text.length), this.#settings.batchTokens)
  }

  /** Answers the text, joins it to the same one on its way, or queues it; corrects what was reserved for it. */
  enter(entry: Entry): void {
    const { call, index, text, share, reserved } = entry
    const known = call.settled || call.fresh ? null : this.parts.cache.peek(text)
    if (known !== null) call.answer(index, known)
    const joined = this.#inFlight.get(text)
    if (call.settled || known !== null || joined !== undefined) this.admission.release(share, reserved)
    if (call.settled || known !== null) return
    const task = joined ?? this.#tokenize(entry)
    if (task === null) return
    task.waiters.push({ call, index })
    call.tasks.push(task)
    if (entry.priority === 'interactive') this.#dispatcher.promote(task)
  }

  /** The call ended: what only it waited for is not computed, unless it runs already. */
  leave(call: Call): void {
    for (const task of call.tasks) {
      if (this.#inFlight.get(task.text) !== task) continue
      task.waiters = task.waiters.filter((waiter) => waiter.call !== call)
      if (task.waiters.length === 0 && task.nextWindow < task.windows.length) this.#settle(task)
    }
  }

  /** Why nothing can be computed now nor soon; null while something can. */
  unavailable(): string | null {
    const { lanes } = this.#dispatcher
    if (!lanes.every((lane) => lane.isDown || lane.isHung)) return null
    return this.trouble()
  }

  /** Why it isn't ready: a run hangs, or no worker works. */
  trouble(): string | null {
    const { lanes } = this.#dispatcher
    if (lanes.some((lane) => lane.isHung)) return `a run takes longer than ${this.#settings.runTimeoutMs} ms`
    return lanes.every((lane) => lane.trouble !== null) ? lanes[0]!.trouble : null
  }

  queue(): { texts: number; tokens: number; runningTokens: number } {
    const dispatcher = this.#dispatcher
    return {
      texts: dispatcher.queuedTexts(),
      tokens: dispatcher.queuedTokens(),
      runningTokens: dispatcher.runningTokens(),
    }
  }

  /** The most texts that waited at once since the last call. */
  takePeakTexts(): number {
    return this.#dispatcher.takePeakTexts()
  }

  /** Keeps the deployment open until `unpin`: a call is about to enter texts. */
  pin(): void {
    this.#pins++
  }

  unpin(): void {
    this.#pins--
    this.#checkIdle()
  }

  /** New calls come here from now on; `before` served until now. */
  serve(before: Deployment | null): void {
    if (before !== null) this.rate.takeOver(before.rate)
    this.#dispatcher.hurry()
  }

  /** Answers what was accepted and stays loaded. Callers who wait for room here are sent elsewhere. */
  standBy(): void {
    this.admission.wake()
  }

  /** Answers what was accepted, then ends the workers. Callers who wait for room here are sent elsewhere. */
  async retire(): Promise<void> {
    this.admission.wake()
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve
      this.#checkIdle()
    })
    await this.#dispatcher.close()
  }

  /** Ends the workers once their runs have ended; what was queued must have been failed before. */
  close(): Promise<void> {
    return this.#dispatcher.close()
  }

  ran(report: Omit<BatchReport, 'model'>): void {
    this.#notify.batch({ ...report, model: this.parts.model.version })
  }

  scored({ task, window }: BatchPart, logits: Float32Array): void {
    const { manifest, places, model, cache } = this.parts
    task.probabilities[window] = softmax(logits, manifest.temperature)
    if (--task.unanswered > 0) return
    const lengths = task.windows.map(({ length }) => length)
    const probabilities = lengths.length === 1 ? task.probabilities[0]! : combineWindows(task.probabilities, lengths)
    const answer = toClassification(probabilities, places, lengths.length, model.version)
    if (answer === null) {
      this.unscorable(task, 'the model answered something that is not a number')
      return
    }
    cache.set(task.text, answer)
    this.#settle(task)
    for (const { call, index } of task.waiters) call.answer(index, answer)
  }

  unscorable(task: Task, reason: string): void {
    this.#settle(task)
    this.#refuse(task.waiters, 'WORKER_FAILED', `the text could not be scored: ${reason}`)
  }

  lost(reason: string): void {
    this.#notify.workerRestarted(reason)
    const trouble = this.unavailable()
    if (trouble === null) return
    const tasks = [...this.#inFlight.values()]
    for (const task of tasks) this.#settle(task)
    for (const { call } of tasks.flatMap(({ waiters }) => waiters)) {
      call.fail(new EngineError('WORKER_FAILED', trouble), 'worker')
    }
    this.admission.wake()
  }

  #tokenize(entry: Entry): Task | null {
    const { call, index, text, share, priority, reserved } = entry
    const start = performance.now()
    let windows: readonly Int32Array[]
    try {
      windows = this.parts.encoder.encode(text).windows
    } catch (error) {
      this.admission.release(share, reserved)
      const isLength = error instanceof MlError && error.code === 'TEXT_TOO_LONG'
      this.#refuse([{ call, index }], isLength ? 'TEXT_TOO_LONG' : 'TEXT_UNREADABLE', (error as Error).message)
      return null
    }
    const now = performance.now()
    this.#notify.tokenized(now - start)
    const task = createTask(text, windows, this.#settings.batchTokens, share, priority, now)
    this.#estimate.learn(text.length, task.tokens)
    this.admission.correct(share, task.cost - reserved)
    this.#inFlight.set(text, task)
    this.#dispatcher.enqueue(task)
    return task
  }

  #settle(task: Task): void {
    task.settled = true
    this.#dispatcher.withdraw(task)
    this.#inFlight.delete(task.text)
    this.admission.release(task.share, task.cost)
    this.#checkIdle()
  }

  #refuse(waiters: readonly Waiter[], code: RefusalCode, message: string): void {
    for (const { call, index } of waiters) {
      this.#notify.rejected(code === 'WORKER_FAILED' ? 'worker' : 'text')
      call.answer(index, { error: { code, message } })
    }
  }

  #checkIdle(): void {
    if (this.#pins === 0 && this.#inFlight.size === 0) this.#whenIdle?.()
  }
}
