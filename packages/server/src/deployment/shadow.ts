// A challenger that reads a share of the traffic behind the answers, delays none of them and answers nobody.
import { type Classification, type Classifier, type ClassifyOutcome, isRefusal } from '@renown/reputation'
import type { ChallengerStatus, Disagreement, ServedVersion } from './status.ts'

/** Texts that wait for the challenger; more are left out. */
const MOST_WAITING = 32
const MOST_SHOWN = 20

export type Comparison = 'agreed' | 'disagreed' | 'dropped' | 'failed'

export interface ShadowOptions {
  readonly share: number
  readonly random: () => number
  readonly now: () => number
  readonly onCompared: (result: Comparison) => void
}

export interface ShadowModel {
  readonly engine: Classifier
  readonly version: ServedVersion
}

export interface Shadow {
  /** Counts begin anew; null: nothing reads along. */
  set(model: ShadowModel | null): void
  /** Never throws and never waits. */
  offer(texts: readonly string[], outcomes: readonly ClassifyOutcome[]): void
  status(): ChallengerStatus | null
}

export function createShadow({ share, random, now, onCompared }: ShadowOptions): Shadow {
  let model: ShadowModel | null = null
  let tally = createTally()
  let waiting = 0
  async function compare(engine: Classifier, text: string, served: Classification): Promise<void> {
    const into = tally
    try {
      const [outcome] = await engine.classify([text], { priority: 'bulk', whenFull: 'refuse', deadlineMs: 10_000 })
      if (outcome === undefined || isRefusal(outcome)) onCompared('failed')
      else onCompared(into.add(served, outcome, now()) ? 'agreed' : 'disagreed')
    } catch {
      // Full, or ended meanwhile.
      onCompared('dropped')
    } finally {
      waiting--
    }
  }
  return {
    set(next) {
      model = next
      tally = createTally()
    },
    offer(texts, outcomes) {
      if (model === null) return
      const { engine } = model
      for (const [index, served] of outcomes.entries()) {
        const text = texts[index]
        if (text === undefined || isRefusal(served) || random() >= share) continue
        if (waiting >= MOST_WAITING) {
          onCompared('dropped')
          continue
        }
        waiting++
        setImmediate(() => void compare(engine, text, served))
      }
    },
    status: () => (model === null ? null : { version: model.version, share, ...tally.show() }),
  }
}

interface Tally {
  /** Whether the labels agree. */
  add(served: Classification, challenger: Classification, at: number): boolean
  show(): Pick<ChallengerStatus, 'compared' | 'agreed' | 'labels' | 'disagreements'>
}

function createTally(): Tally {
  const labels: Record<string, Record<string, number>> = {}
  const disagreements: Disagreement[] = []
  let compared = 0
  let agreed = 0
  return {
    add(served, challenger, at) {
      compared++
      labels[served.label] ??= {}
      const row = labels[served.label] as Record<string, number>
      row[challenger.label] = (row[challenger.label] ?? 0) + 1
      if (served.label === challenger.label) {
        agreed++
        return true
      }
      disagreements.unshift({
        at: new Date(at).toISOString(),
        served: served.label,
        challenger: challenger.label,
        servedScore: served.score,
        challengerScore: challenger.score,
      })
      disagreements.splice(MOST_SHOWN)
      return false
    },
    show: () => ({ compared, agreed, labels: structuredClone(labels), disagreements: [...disagreements] }),
  }
}
