// How the texts of a call get in: cached ones are answered at once, the others are let in, refused, or wait for room.
import type { ClassifyOptions } from '@renown/reputation'
import type { Call } from './call.ts'
import type { Deployment } from './deployment.ts'
import { EngineError, type RefusalCode } from './errors.ts'
import type { Notify } from './observer.ts'
import type { Priority } from './task.ts'
import { TimeSlices } from './time-slices.ts'
import { Turns } from './turns.ts'

/** A text without a cached answer. */
interface Miss {
  readonly index: number
  readonly raw: string
  /** As prepared for the deployment that looked it up. */
  readonly text: string
  reserved: number
}

/** Looking up is quick: so many texts between two looks at the clock. */
const LOOK_UPS = 64

export class Intake {
  readonly #current: () => Deployment
  readonly #maxTextChars: number
  readonly #notify: Notify
  readonly #slices = new TimeSlices()
  /** Callers who wait enter their texts one call after the other. */
  readonly #feeding = new Turns()

  /** `current`: the deployment that serves at the moment. */
  constructor(current: () => Deployment, maxTextChars: number, notify: Notify) {
    this.#current = current
    this.#maxTextChars = maxTextChars
    this.#notify = notify
  }

  /** Never rejects: what goes wrong fails the call. */
  async take(call: Call, texts: readonly string[], options: ClassifyOptions): Promise<void> {
    const priority = options.priority ?? 'interactive'
    try {
      if (options.whenFull === 'wait') await this.#takeWaiting(call, texts, priority)
      else await this.#takeOrRefuse(call, texts, priority)
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      call.fail(new EngineError('WORKER_FAILED', `the texts could not be queued: ${message}`, { cause }), 'worker')
    }
  }

  /** All or nothing: the room for all texts is reserved before the first one is tokenised. */
  async #takeOrRefuse(call: Call, texts: readonly string[], priority: Priority): Promise<void> {
    const deployment = this.#current()
    deployment.pin()
    try {
      const misses = await this.#lookUp(deployment, call, texts)
      if (misses.length === 0 || call.settled || !this.#reserve(deployment, call, misses, priority)) return
      for (const [count, { index, text, reserved }] of misses.entries()) {
        if (count > 0 && this.#slices.isSpent()) await this.#slices.next()
        deployment.enter({ call, index, text, share: priority, priority, reserved })
      }
    } finally {
      deployment.unpin()
    }
  }

  #reserve(deployment: Deployment, call: Call, misses: readonly Miss[], priority: Priority): boolean {
    const trouble = deployment.unavailable()
    if (trouble !== null) {
      call.fail(new EngineError('WORKER_FAILED', trouble), 'worker')
      return false
    }
    let tokens = 0
    for (const miss of misses) {
      miss.reserved = deployment.estimate(miss.text)
      tokens += miss.reserved
    }
    const { admission } = deployment
    if (admission.reserve(priority, tokens)) return true
    const message = `the queue is full: expected room for about ${tokens} tokens in ${Math.round(admission.bound())}`
    const retryAfterSeconds = admission.retryAfterSeconds(priority, tokens)
    call.fail(new EngineError('OVERLOADED', message, { retryAfterSeconds }), 'overloaded')
    return false
  }

  async #takeWaiting(call: Call, texts: readonly string[], priority: Priority): Promise<void> {
    const deployment = this.#current()
    const misses = await this.#lookUp(deployment, call, texts)
    if (misses.length === 0) return
    await this.#feeding.take()
    try {
      for (const miss of misses) {
        if (!(await this.#feed(deployment, call, miss, priority))) return
        if (this.#slices.isSpent()) await this.#slices.next()
      }
    } finally {
      this.#feeding.pass()
    }
  }

  /** Enters the text where and as soon as there is room; false if the call has ended. */
  async #feed(preparedFor: Deployment, call: Call, miss: Miss, priority: Priority): Promise<boolean> {
    const { index, raw } = miss
    while (!call.settled) {
      // Another model may serve after the wait, and want the text prepared in another way.
      const deployment = this.#current()
      const trouble = deployment.unavailable()
      if (trouble !== null) {
        call.fail(new EngineError('WORKER_FAILED', trouble), 'worker')
        return false
      }
      const text = deployment === preparedFor ? miss.text : deployment.prepare(raw)
      const reserved = deployment.estimate(text)
      if (deployment.admission.reserve('feed', reserved)) {
        deployment.enter({ call, index, text, share: 'feed', priority, reserved })
        return true
      }
      await deployment.admission.room()
    }
    return false
  }

  async #lookUp(deployment: Deployment, call: Call, texts: readonly string[]): Promise<Miss[]> {
    const misses: Miss[] = []
    for (let index = 0; index < texts.length && !call.settled; index++) {
      if (index % LOOK_UPS === LOOK_UPS - 1 && this.#slices.isSpent()) await this.#slices.next()
      const miss = this.#lookUpOne(deployment, call, texts[index]!, index)
      if (miss !== null) misses.push(miss)
    }
    return misses
  }

  #lookUpOne(deployment: Deployment, call: Call, raw: string, index: number): Miss | null {
    if (raw.length > this.#maxTextChars) {
      const message = `expected at most ${this.#maxTextChars} characters, got ${raw.length}`
      this.#notify.rejected('text')
      call.answer(index, { error: { code: 'TEXT_TOO_LONG' satisfies RefusalCode, message } })
      return null
    }
    const text = deployment.prepare(raw)
    if (call.fresh) return { index, raw, text, reserved: 0 }
    const known = deployment.parts.cache.get(text)
    this.#notify.cache(known !== null)
    if (known === null) return { index, raw, text, reserved: 0 }
    call.answer(index, known)
    return null
  }
}
