// Decides which versions may go, from the state alone.
import type { RegistryState } from './registry-state.ts'
import { servedPeriods } from './served-periods.ts'

export interface PruneRule {
  /** The newest versions, and of each alias the last ones that it named, stay. */
  readonly keep: number
  /** What an alias named within so many days stays. */
  readonly days: number
}

export const PRUNE_RULE: PruneRule = { keep: 5, days: 30 }

const DAY_MS = 86_400_000

/** What an alias names, what a rollback would lead to, and `needed` stay whatever the rule says. */
export function planPrune(
  state: RegistryState,
  { keep, days }: PruneRule,
  now: Date,
  needed: readonly string[] = [],
): readonly string[] {
  const living = [...state.versions.values()].filter(({ pruned }) => pruned === null).map(({ version }) => version)
  const kept = new Set([...needed, ...(keep > 0 ? living.slice(-keep) : [])])
  const since = now.getTime() - days * DAY_MS
  for (const { alias, path } of state.aliases.values()) {
    const periods = servedPeriods(state.events, alias)
    const lately = periods.filter(({ until }) => until === null || Date.parse(until) >= since)
    for (const version of [...path.slice(-2), ...lately.map((period) => period.version)]) kept.add(version)
    for (const version of lastDistinct(
      periods.map((period) => period.version),
      keep,
    ))
      kept.add(version)
  }
  return living.filter((version) => !kept.has(version))
}

function lastDistinct(versions: readonly string[], count: number): readonly string[] {
  return [...new Set(versions.toReversed())].slice(0, count)
}
