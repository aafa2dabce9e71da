// Watches what the engine answers: counts it by the hour, keeps the counts, and says at any time what they mean.
import type { ModelFolder } from '@renown/models/serving'
import { type ClassifyOutcome, isRefusal, type Sentiment, stratumSizes } from '@renown/reputation'
import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import type { SentimentEngine } from '../ports.ts'
import { type DriftState, reportDrift } from './drift-report.ts'
import { createFollower, type Follower } from './follow-model.ts'
import { type BlindText, SAMPLE_DAYS } from './label-sample.ts'
import { openModelWatch } from './model-watch.ts'
import { HOUR_MS } from './sketch-store.ts'
import { createTextQueue, type TextQueue } from './text-queue.ts'

export interface DriftMonitor {
  /** The same engine; what it answers from now on is counted. */
  watch(engine: SentimentEngine): SentimentEngine
  /** null while no model with a reference profile serves. */
  report(): Promise<DriftState | null>
  /** The last report, without computing one. */
  latest(): DriftState | null
  /** `waiting`: how many there are in all. */
  nextTexts(count: number): Promise<{ readonly texts: readonly BlindText[]; readonly waiting: number }>
  /** False where there is no such text, or it has a label already. */
  label(id: string, label: Sentiment | null): Promise<boolean>
  /** Counts what still waits, and writes what is new. Never rejects. */
  save(): Promise<void>
  start(): void
  close(): Promise<void>
}

export interface MonitorOptions {
  readonly config: Pick<Config, 'home' | 'labelSample'>
  readonly logger: Logger
  readonly now: () => number
  readonly random: () => number
  /** The folder of the model that serves; null before one does. */
  readonly folder: () => ModelFolder | null
}

/** A second; beyond them texts are scored and not looked at. */
const RATE = 100
const BURST = 3000
const SAVE_MS = 60_000

interface Answered {
  readonly text: string
  readonly outcome: Exclude<ClassifyOutcome, { readonly error: unknown }>
  readonly at: number
}

/** A text that came before and is answered from the cache counts once: a post that is repeated is no new evidence. */
export function createDriftMonitor(options: MonitorOptions): DriftMonitor {
  const { logger, now } = options
  let state: DriftState | null = null
  let timer: NodeJS.Timeout | null = null
  const queue: TextQueue<Answered> = createTextQueue({
    rate: RATE,
    burst: BURST,
    elapsed: () => performance.now(),
    take,
  })
  const follower = openFollower(options, save)

  function take({ text, outcome, at }: Answered): void {
    const watch = follower.current()
    try {
      if (watch?.version === outcome.model) watch.take(text, outcome, at)
    } catch (err) {
      logger.warn({ err }, 'a scored text could not be counted for drift')
    }
  }

  async function save(): Promise<void> {
    await queue.drained()
    const watch = follower.current()
    await Promise.all([watch?.sketches.save(), watch?.sample.save()]).catch((err: unknown) => {
      logger.warn({ err }, 'what is kept for drift could not be written')
    })
  }

  async function report(): Promise<DriftState | null> {
    const watch = await follower.follow()
    await queue.drained()
    state = watch === null ? null : await reportDrift(watch, now())
    return state
  }

  async function refresh(): Promise<void> {
    await save()
    await report().catch((err: unknown) => logger.warn({ err }, 'drift could not be judged'))
  }

  return {
    watch: (engine) => watchEngine(engine, follower, queue, now),
    report,
    latest: () => state,
    nextTexts: async (count) => await nextTexts(count, follower, queue, now),
    label: async (id, label) => (await (await follower.follow())?.sample.label(id, label)) ?? false,
    save,
    start() {
      timer ??= setInterval(() => void refresh(), SAVE_MS)
      timer.unref()
      void refresh()
    },
    async close() {
      if (timer !== null) clearInterval(timer)
      await save()
    },
  }
}

function openFollower({ config, logger, now, random, folder }: MonitorOptions, leave: () => Promise<void>): Follower {
  const settings = { home: config.home, keepTexts: config.labelSample === 'on', now, random }
  return createFollower({
    folder,
    open: async (found) => await openModelWatch(found, settings),
    leave,
    onFailure: (err) => logger.warn({ err }, 'the reference profile of the model cannot be used: drift is not watched'),
  })
}

function watchEngine(
  engine: SentimentEngine,
  follower: Follower,
  queue: TextQueue<Answered>,
  now: () => number,
): SentimentEngine {
  return {
    model: () => engine.model(),
    overloaded: () => engine.overloaded(),
    stats: () => engine.stats(),
    health: () => engine.health(),
    close: (closing) => engine.close(closing),
    async classify(texts, asked) {
      follower.notice()
      const outcomes = await engine.classify(texts, asked)
      // Who asks for the same texts again and again, such as the canary, is no evidence.
      if (follower.current() !== null && asked?.fresh !== true) offer(texts, outcomes, now(), queue)
      return outcomes
    },
  }
}

function offer(
  texts: readonly string[],
  outcomes: readonly ClassifyOutcome[],
  at: number,
  queue: TextQueue<Answered>,
): void {
  for (const [index, outcome] of outcomes.entries()) {
    const text = texts[index]
    if (text === undefined || isRefusal(outcome) || outcome.cached) continue
    if (!queue.offer({ text, outcome, at })) return
  }
}

async function nextTexts(
  count: number,
  follower: Follower,
  queue: TextQueue<Answered>,
  now: () => number,
): Promise<{ readonly texts: readonly BlindText[]; readonly waiting: number }> {
  const watch = await follower.follow()
  if (watch === null) return { texts: [], waiting: 0 }
  await queue.drained()
  const live = await watch.sketches.read(now() - SAMPLE_DAYS * 24 * HOUR_MS, now() + 1)
  const { waiting } = await watch.sample.counts()
  return { texts: await watch.sample.next(count, stratumSizes(live)), waiting }
}
