// The best version ever promoted, as a gate compares with it where nobody names one.
import { findBest, isAliasName, openRegistry } from '@renown/models'

/** Instead of a model: none is compared with. */
export const NO_MODEL = 'none'

export interface BestWish {
  /** The data folder. */
  readonly home: string
  /** What serves now, as it was named. */
  readonly champion: string | undefined
  /** A model, or NO_MODEL; else it is found. */
  readonly best: string | undefined
  readonly say: (line: string) => void
}

/** Found where the champion is an alias of the registry, and some other version that it named was better. */
export async function nameBest({ home, champion, best, say }: BestWish): Promise<string | null> {
  if (best !== undefined) return best === NO_MODEL ? null : best
  if (champion === undefined || !isAliasName(champion)) return null
  const registry = openRegistry(home)
  const named = (await registry.list()).find(({ aliases }) => aliases.includes(champion))
  const found = named === undefined ? null : await findBest(registry, champion)
  if (found === null || named === undefined) return null
  if (found.hash === named.hash) {
    say(`${champion} is ${named.version}, the best version that was ever promoted`)
    return null
  }
  say(`The best version that was ever promoted is ${found.version}; ${champion} is ${named.version}`)
  return found.version
}
