// A few of many texts, of each stratum and day as many, every one with the same chance.
import { randomBytes } from 'node:crypto'
import { type Sentiment, stratumOf } from '@renown/reputation'
import type { SampledText } from './sample-files.ts'

const DAY_MS = 86_400_000
const KEPT_A_DAY = 20

export interface Reservoir {
  offer(text: string, answer: Sentiment, score: number, at: number): void
  remove(id: string): void
  removeOlder(from: number): void
  texts(): readonly SampledText[]
  /** Raised with every change. */
  revision(): number
}

/** `random`: from 0 to 1. */
export function createReservoir(random: () => number): Reservoir {
  const kept = new Map<string, SampledText>()
  /** How many texts a stratum of a day has had. */
  const offered = new Map<string, number>()
  let revision = 0

  function remove(id: string): void {
    if (kept.delete(id)) revision += 1
  }

  return {
    offer(text, answer, score, at) {
      const stratum = stratumOf(answer, score)
      const place = placeOf({ stratum, at })
      const count = (offered.get(place) ?? 0) + 1
      offered.set(place, count)
      const peers = [...kept.values()].filter((peer) => placeOf(peer) === place)
      if (peers.length >= KEPT_A_DAY) {
        // The n-th text replaces one of k with probability k / n. J. S. Vitter, ACM Trans. Math. Softw. 11 (1985).
        const victim = peers[Math.floor(random() * count)]
        if (victim === undefined) return
        remove(victim.id)
      }
      const id = randomBytes(9).toString('base64url')
      kept.set(id, { id, text, answer, stratum, at })
      revision += 1
    },
    remove,
    removeOlder(from) {
      for (const { id, at } of kept.values()) if (at < from) remove(id)
    },
    texts: () => [...kept.values()],
    revision: () => revision,
  }
}

function placeOf({ stratum, at }: Pick<SampledText, 'stratum' | 'at'>): string {
  return `${Math.floor(at / DAY_MS)} ${stratum}`
}
