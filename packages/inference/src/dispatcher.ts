// The queue of one model and its workers: cuts batches when a worker is free, and hands answers and failures back.
import { type Batch, type BatchPart, findMarked, planRetry, withoutSettled } from './batch.ts'
import type { DrainRate } from './drain-rate.ts'
import { Lane } from './lane.ts'
import { LinkedList } from './linked-list.ts'
import type { BatchReport } from './observer.ts'
import { type Pick, planBatch, STARVED_AFTER } from './plan-batch.ts'
import type { Task } from './task.ts'
import type { WorkerEntry } from './worker/locate-entry.ts'
import type { AnswerReply, ReadyReply, WorkerSettings } from './worker/protocol.ts'
import { raiseThreads } from './worker/thread-priority.ts'

export interface DispatcherHost {
  /** The logits of one window, as the model orders them. */
  scored(part: BatchPart, logits: Float32Array): void
  /** The text fails alone: its runs fail whoever runs it. */
  unscorable(task: Task, reason: string): void
  ran(report: Omit<BatchReport, 'model'>): void
  lost(reason: string): void
}

export interface DispatcherSettings {
  readonly entry: WorkerEntry
  readonly worker: WorkerSettings
  readonly workers: number
  readonly batchTokens: number
  readonly runTimeoutMs: number
  /** Another model serves meanwhile: the workers start with less urgency, until `hurry`. */
  readonly isGentle: boolean
}

/** A batch that takes longer than this gains nothing from being sent before the worker is free. */
const AHEAD_MS = 50

export class Dispatcher {
  readonly lanes: readonly Lane[]
  readonly #host: DispatcherHost
  readonly #settings: DispatcherSettings
  readonly #rate: DrainRate
  readonly #interactive = new LinkedList<Task>()
  readonly #bulk = new LinkedList<Task>()
  /** Batches to run again, before anything else. */
  readonly #again: Batch[] = []
  /** Tokens of queued windows. */
  #queuedTokens = 0
  #peakTexts = 0
  #batchesWithoutBulk = 0
  #isPumpPlanned = false
  #isGentle: boolean
  #closed: Promise<void> | null = null

  constructor(settings: DispatcherSettings, rate: DrainRate, host: DispatcherHost) {
    this.#settings = settings
    this.#isGentle = settings.isGentle
    this.#rate = rate
    this.#host = host
    const laneHost = {
      entry: settings.entry,
      settings: () => ({ ...settings.worker, urgency: this.#isGentle ? ('gentle' as const) : settings.worker.urgency }),
      runTimeoutMs: settings.runTimeoutMs,
      nextBatch: (ahead: boolean) => this.#nextBatch(ahead),
      answered: (batch: Batch, reply: AnswerReply, busyMs: number) => this.#answered(batch, reply, busyMs),
      failed: (batch: Batch, reason: string) => this.#failed(batch, reason),
      returned: (batch: Batch) => this.#runAgain([batch]),
      lost: (reason: string) => host.lost(reason),
    }
    this.lanes = Array.from({ length: settings.workers }, () => new Lane(laneHost))
  }

  /** Starts the workers; rejects with MODEL_LOAD_FAILED when one can't load the model. */
  async open(): Promise<ReadyReply> {
    const replies = await Promise.all(this.lanes.map((lane) => lane.open()))
    const reply = replies[0]!
    this.#rate.guess(reply.warmTokens, reply.warmMs)
    return reply
  }

  /** A gentle start is over, or has taken too long; workers that are replaced later start as urgently as any. */
  hurry(): void {
    if (!this.#settings.isGentle) return
    this.#isGentle = false
    raiseThreads()
  }

  /** Resolves when every worker has ended. */
  close(): Promise<void> {
    this.#closed ??= Promise.all(this.lanes.map((lane) => lane.close())).then(() => undefined)
    return this.#closed
  }

  enqueue(task: Task): void {
    this.#listOf(task).append(task)
    this.#queuedTokens += task.tokens
    this.#peakTexts = Math.max(this.#peakTexts, this.queuedTexts())
    this.#planPump()
  }

  /** Somebody who can't wait wants a text that waited among bulk work. */
  promote(task: Task): void {
    if (task.priority === 'interactive') return
    if (isQueued(task)) this.#bulk.remove(task)
    task.priority = 'interactive'
    if (isQueued(task)) this.#interactive.append(task)
  }

  /** Takes a settled text out of the queue; what runs of it runs to its end. */
  withdraw(task: Task): void {
    if (!isQueued(task)) return
    this.#listOf(task).remove(task)
    for (; isQueued(task); task.nextWindow++) this.#queuedTokens -= task.windows[task.nextWindow]!.length
  }

  queuedTexts(): number {
    return this.#interactive.size + this.#bulk.size
  }

  /** The most texts at once since the last call. */
  takePeakTexts(): number {
    const peak = this.#peakTexts
    this.#peakTexts = this.queuedTexts()
    return peak
  }

  queuedTokens(): number {
    return this.#queuedTokens
  }

  runningTokens(): number {
    const batches = this.lanes.flatMap((lane) => lane.runningBatches())
    return batches.reduce((sum, { tokens }) => sum + tokens, 0)
  }

  /** After this turn of the event loop, so that what arrives together runs together. */
  #planPump(): void {
    if (this.#isPumpPlanned) return
    this.#isPumpPlanned = true
    setImmediate(() => {
      this.#isPumpPlanned = false
      for (const lane of this.lanes) lane.pump()
    })
  }

  #nextBatch(ahead: boolean): Batch | null {
    if (ahead && !this.#isWorthSendingAhead()) return null
    for (let again = this.#again.shift(); again !== undefined; again = this.#again.shift()) {
      const batch = withoutSettled(again)
      if (batch !== null) return batch
    }
    const isStarving = this.#batchesWithoutBulk >= STARVED_AFTER
    const picks = planBatch(this.#interactive.first, this.#bulk.first, this.#settings.batchTokens, isStarving)
    return picks.length === 0 ? null : this.#cut(picks)
  }

  /** Only a batch that would be full anyway: a text that arrives later loses nothing but the run of one short batch. */
  #isWorthSendingAhead(): boolean {
    const { batchTokens } = this.#settings
    const rate = this.#rate.tokensPerSecond()
    if (rate === null || this.#again.length > 0 || this.#queuedTokens < batchTokens) return false
    return (1000 * batchTokens) / rate < AHEAD_MS
  }

  #cut(picks: readonly Pick<Task>[]): Batch {
    const parts: BatchPart[] = []
    const hasBulk = this.#bulk.size > 0
    let tokens = 0
    let queuedAt = Number.POSITIVE_INFINITY
    for (const { task, count } of picks) {
      for (let taken = 0; taken < count; taken++) {
        tokens += task.windows[task.nextWindow]!.length
        parts.push({ task, window: task.nextWindow++ })
      }
      queuedAt = Math.min(queuedAt, task.queuedAt)
      // The rest of a long text goes to the end: it must not hold up the texts behind it.
      if (isQueued(task)) this.#listOf(task).moveToEnd(task)
      else this.#listOf(task).remove(task)
    }
    const leavesBulkOut = hasBulk && picks.every(({ task }) => task.priority === 'interactive')
    this.#batchesWithoutBulk = leavesBulkOut ? this.#batchesWithoutBulk + 1 : 0
    this.#queuedTokens -= tokens
    return { parts, tokens, attempts: 0, queueMs: performance.now() - queuedAt }
  }

  #answered(batch: Batch, reply: AnswerReply, busyMs: number): void {
    const { parts, tokens, queueMs } = batch
    this.#rate.add(tokens, busyMs)
    const width = reply.logits.length / parts.length
    parts.forEach((part, index) => {
      if (!part.task.settled) this.#host.scored(part, reply.logits.subarray(index * width, (index + 1) * width))
    })
    const texts = new Set(parts.map(({ task }) => task)).size
    const { rowTokens, runMs } = reply
    const marked = findMarked(parts)
    this.#host.ran({ texts, sequences: parts.length, tokens, rowTokens, queueMs, runMs, marked })
  }

  #failed(batch: Batch, reason: string): void {
    const retries = planRetry(batch)
    this.#runAgain(retries)
    if (retries.length > 0) return
    for (const { task } of batch.parts) if (!task.settled) this.#host.unscorable(task, reason)
  }

  #runAgain(batches: readonly Batch[]): void {
    this.#again.unshift(...batches)
    this.#planPump()
  }

  #listOf(task: Task): LinkedList<Task> {
    return task.priority === 'interactive' ? this.#interactive : this.#bulk
  }
}

/** Whether a window of it waits for a batch. */
function isQueued(task: Task): boolean {
  return task.nextWindow < task.windows.length
}
