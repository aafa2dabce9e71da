// Watches what the engine answers: counts it by the hour, keeps the counts, and says at any time what they mean.
import type { ModelFolder } from '@renown/models'
import { type ClassifyOptions, type ClassifyOutcome, isRefusal, type Sentiment, stratumSizes } from '@renown/reputation'
import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import type { SentimentEngine } from '../ports.ts'
import { type DriftState, reportDrift } from './drift-report.ts'
import { type BlindText, SAMPLE_DAYS } from './label-sample.ts'
import { type ModelWatch, openModelWatch } from './model-watch.ts'
import { HOUR_MS } from './sketch-store.ts'
import { createTextQueue } from './text-queue.ts'

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
  const { config, logger, now, random } = options
  let opened: { readonly folder: ModelFolder; readonly watch: Promise<ModelWatch | null> } | null = null
  let current: ModelWatch | null = null
  let state: DriftState | null = null
  let timer: NodeJS.Timeout | null = null
  const queue = createTextQueue<Answered>({ rate: RATE, burst: BURST, elapsed: () => performance.now(), take })

  function take({ text, outcome, at }: Answered): void {
    try {
      if (current?.version === outcome.model) current.take(text, outcome, at)
    } catch (err) {
      logger.warn({ err }, 'a scored text could not be counted for drift')
    }
  }

  /** Follows the model that serves; after a swap its counts go on where they were. */
  async function follow(): Promise<ModelWatch | null> {
    const folder = options.folder()
    if (folder === null) return null
    if (opened?.folder.path !== folder.path || opened.folder.hash !== folder.hash) {
      const settings = { home: config.home, keepTexts: config.labelSample === 'on', now, random }
      const watch = save().then(async () => await openModelWatch(folder, settings))
      opened = { folder, watch: watch.catch(logFailure) }
      state = null
    }
    current = await opened.watch
    return current
  }

  function logFailure(err: unknown): null {
    logger.warn({ err }, 'the reference profile of the model cannot be used: drift is not watched')
    return null
  }

  function offer(texts: readonly string[], outcomes: readonly ClassifyOutcome[]): void {
    const at = now()
    for (const [index, outcome] of outcomes.entries()) {
      const text = texts[index]
      if (text === undefined || isRefusal(outcome) || outcome.cached) continue
      if (!queue.offer({ text, outcome, at })) return
    }
  }

  async function classify(engine: SentimentEngine, texts: readonly string[], asked?: ClassifyOptions) {
    if (opened === null || opened.folder !== options.folder()) void follow()
    const outcomes = await engine.classify(texts, asked)
    // Who asks for the same texts again and again, such as the canary, is no evidence.
    if (current !== null && asked?.fresh !== true) offer(texts, outcomes)
    return outcomes
  }

  async function report(): Promise<DriftState | null> {
    const watch = await follow()
    if (watch === null) return null
    await queue.drained()
    state = await reportDrift(watch, now())
    return state
  }

  async function save(): Promise<void> {
    await queue.drained()
    await Promise.all([current?.sketches.save(), current?.sample.save()]).catch((err: unknown) => {
      logger.warn({ err }, 'what is kept for drift could not be written')
    })
  }

  return {
    watch: (engine) => ({
      model: () => engine.model(),
      overloaded: () => engine.overloaded(),
      stats: () => engine.stats(),
      health: () => engine.health(),
      close: (closing) => engine.close(closing),
      classify: (texts, asked) => classify(engine, texts, asked),
    }),
    report,
    latest: () => state,
    async nextTexts(count) {
      const watch = await follow()
      if (watch === null) return { texts: [], waiting: 0 }
      await queue.drained()
      const live = await watch.sketches.read(now() - SAMPLE_DAYS * 24 * HOUR_MS, now() + 1)
      const { waiting } = await watch.sample.counts()
      return { texts: await watch.sample.next(count, stratumSizes(live)), waiting }
    },
    label: async (id, label) => (await (await follow())?.sample.label(id, label)) ?? false,
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

  async function refresh(): Promise<void> {
    await save()
    await report().catch((err: unknown) => logger.warn({ err }, 'drift could not be judged'))
  }
}
