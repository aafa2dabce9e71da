// Keeps the challenger that reads along: the version that its alias names, in an engine of its own with little urgency.
import type { Engine } from '@renown/inference'
import type { ModelFolder } from '@renown/models/serving'
import type { Logger } from 'pino'
import type { Shadow } from './shadow.ts'
import type { Source, Target } from './sources.ts'

export interface ChallengerParts {
  readonly source: Source | null
  /** Where nothing is followed: the one that is always compared. */
  readonly fixed: Target
  readonly shadow: Shadow
  readonly logger: Logger
  readonly now: () => number
  readonly open: (target: Target) => Promise<ModelFolder>
  readonly start: (folder: ModelFolder) => Promise<Engine>
}

export interface ChallengerKeeper {
  look(): Promise<void>
  close(): Promise<void>
}

export function keepChallenger({ source, fixed, shadow, logger, now, open, start }: ChallengerParts): ChallengerKeeper {
  let tried: string | null = null
  let engine: Engine | null = null
  let closed = false

  async function end(): Promise<void> {
    const old = engine
    engine = null
    shadow.set(null)
    await old?.close({ deadlineMs: 0 })
  }

  async function take(target: Target): Promise<void> {
    tried = target.reference
    // At most one beside the models that serve.
    await end()
    const folder = await open(target)
    const started = await start(folder)
    if (closed) return await started.close({ deadlineMs: 0 })
    engine = started
    const { name, version } = folder.manifest
    const since = new Date(now()).toISOString()
    shadow.set({ engine, version: { reference: target.reference, name, version, hash: folder.hash, since } })
    logger.info({ reference: target.reference }, 'a challenger reads along')
  }

  return {
    /** A challenger that can't be had is no trouble of those who ask: it is logged, once. */
    async look() {
      try {
        const target = source === null ? fixed : await source.look()
        if (target.reference !== tried && !closed) await take(target)
      } catch (err) {
        logger.warn({ err, challenger: fixed.reference }, 'the challenger cannot be had')
      }
    },
    async close() {
      closed = true
      await end()
    },
  }
}
