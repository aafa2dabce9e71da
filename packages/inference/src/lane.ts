// One worker's place: keeps a worker in it, gives it one batch at a time, notices when it fails or hangs.
import { type Batch, isAlone, joinSequences } from './batch.ts'
import { planRestart } from './plan-restart.ts'
import type { WorkerEntry } from './worker/locate-entry.ts'
import type { AnswerReply, ReadyReply, RunFailedReply, WorkerSettings } from './worker/protocol.ts'
import { startWorker, type WorkerLink } from './worker-link.ts'

export interface LaneHost {
  readonly entry: WorkerEntry
  /** Asked for at each start. */
  settings(): WorkerSettings
  readonly runTimeoutMs: number
  /** What runs next. With `ahead` the worker is still busy: only what would fill a batch anyway. */
  nextBatch(ahead: boolean): Batch | null
  /** `busyMs`: since it was sent, or since the batch before it was answered. */
  answered(batch: Batch, reply: AnswerReply, busyMs: number): void
  /** The batch failed once more. */
  failed(batch: Batch, reason: string): void
  /** The batch didn't run. */
  returned(batch: Batch): void
  /** A worker ended or couldn't start; `isDown` and `isHung` may have changed. */
  lost(reason: string): void
}

interface Sent {
  readonly id: number
  readonly batch: Batch
}

/** So many sequences failed alone, one after the other: it isn't the texts. */
const SICK_AFTER = 2

export class Lane {
  /** Why the lane doesn't work at the moment; null while it does. */
  trouble: string | null = 'the model is loading'
  /** The trouble has lasted: requests need not wait for its end. */
  isDown = false
  /** A run takes longer than `runTimeoutMs`. */
  isHung = false
  readonly #host: LaneHost
  #link: WorkerLink | null = null
  #isReady = false
  /** Sent batches, oldest first: the first one runs. */
  #sent: Sent[] = []
  #lastId = 0
  #failures = 0
  #aloneFailures = 0
  /** When the first of the sent batches became the first. */
  #runsSince = 0
  #hangTimer: NodeJS.Timeout | undefined
  #restartTimer: NodeJS.Timeout | undefined

  constructor(host: LaneHost) {
    this.#host = host
  }

  /** The first start: a model that can't be loaded is the caller's business. Rejects with MODEL_LOAD_FAILED. */
  async open(): Promise<ReadyReply> {
    const link = this.#start()
    const reply = await link.ready
    this.#becomeReady(link)
    return reply
  }

  /** Takes work if there is some. */
  pump(): void {
    while (this.#isReady && this.#sent.length < 2) {
      const batch = this.#host.nextBatch(this.#sent.length > 0)
      if (batch === null) return
      this.#send(batch)
    }
  }

  runningBatches(): readonly Batch[] {
    return this.#sent.map(({ batch }) => batch)
  }

  /** Resolves when the worker has ended by itself, after its run; one that hangs is left behind. */
  async close(): Promise<void> {
    const link = this.#link
    this.#link = null
    this.#isReady = false
    this.trouble = 'the engine is closed'
    clearTimeout(this.#restartTimer)
    clearTimeout(this.#hangTimer)
    if (link === null) return
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.isHung ? 0 : this.#host.runTimeoutMs)
    })
    await Promise.race([link.close(), patience.then(() => link.abandon())])
    clearTimeout(timer)
  }

  #start(): WorkerLink {
    const link = startWorker(this.#host.entry, this.#host.settings(), {
      answered: (reply) => this.#answered(link, reply),
      failed: (reply) => this.#failed(link, reply),
      ended: (reason) => this.#lose(link, reason),
    })
    this.#link = link
    return link
  }

  #becomeReady(link: WorkerLink): void {
    if (this.#link !== link) return
    this.#isReady = true
    this.trouble = null
    this.isDown = false
    this.pump()
  }

  #send(batch: Batch): void {
    const { ids, lengths } = joinSequences(batch)
    const sent = { id: ++this.#lastId, batch }
    this.#sent.push(sent)
    if (this.#sent.length === 1) this.#watchRun()
    this.#link?.run(sent.id, ids, lengths)
  }

  #answered(link: WorkerLink, reply: AnswerReply): void {
    const since = this.#runsSince
    const batch = this.#takeSent(link, reply.batch)
    if (batch === null) return
    const busyMs = performance.now() - since
    this.#failures = 0
    this.#aloneFailures = 0
    // The next batch goes first: the answers keep this thread busy for a while.
    this.pump()
    this.#host.answered(batch, reply, busyMs)
  }

  #failed(link: WorkerLink, reply: RunFailedReply): void {
    const batch = this.#takeSent(link, reply.batch)
    if (batch === null) return
    if (isAlone(batch)) this.#aloneFailures++
    this.#host.failed(batch, reply.message)
    if (this.#aloneFailures < SICK_AFTER) {
      this.pump()
      return
    }
    void link.close()
    this.#lose(link, `its runs fail: ${reply.message}`)
  }

  /** The oldest sent batch, which is the one that the worker answers. */
  #takeSent(link: WorkerLink, id: number): Batch | null {
    if (this.#link !== link || this.#sent[0]?.id !== id) return null
    const sent = this.#sent.shift()!
    clearTimeout(this.#hangTimer)
    this.isHung = false
    if (this.#sent.length > 0) this.#watchRun()
    return sent.batch
  }

  #watchRun(): void {
    this.#runsSince = performance.now()
    this.#hangTimer = setTimeout(() => {
      this.isHung = true
    }, this.#host.runTimeoutMs)
  }

  #lose(link: WorkerLink, reason: string): void {
    if (this.#link !== link) return
    this.#link = null
    this.#isReady = false
    this.isHung = false
    clearTimeout(this.#hangTimer)
    const [running, ...ahead] = this.#sent
    this.#sent = []
    for (const { batch } of ahead) this.#host.returned(batch)
    if (running !== undefined) this.#host.failed(running.batch, reason)
    this.#planRestart(reason)
  }

  #planRestart(reason: string): void {
    this.#failures++
    const { delayMs, isDown } = planRestart(this.#failures)
    this.trouble = `the worker is starting again: ${reason}`
    this.isDown = isDown
    this.#host.lost(reason)
    this.#restartTimer = setTimeout(() => this.#restart(), delayMs)
  }

  #restart(): void {
    const link = this.#start()
    link.ready.then(
      () => this.#becomeReady(link),
      (error: Error) => this.#lose(link, error.message),
    )
  }
}
