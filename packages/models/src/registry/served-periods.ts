// Which version an alias named when, read off the log.
import type { AliasChange, Evidence, RegistryEvent } from './events.ts'

export interface ServedPeriod {
  readonly alias: string
  readonly version: string
  readonly from: string
  /** Null while it lasts. */
  readonly until: string | null
  readonly kind: AliasChange['kind']
  readonly who: string
  readonly why: string
  readonly evidence: readonly Evidence[]
}

/** In the order of the log. */
export function servedPeriods(events: readonly RegistryEvent[], alias: string): readonly ServedPeriod[] {
  const moves = events.filter((event) => isMove(event)).filter((event) => event.alias === alias)
  return moves.map(({ to, time, kind, who, why, evidence }, index) => {
    return { alias, version: to, from: time, until: moves[index + 1]?.time ?? null, kind, who, why, evidence }
  })
}

function isMove(event: RegistryEvent): event is RegistryEvent & AliasChange {
  return event.kind === 'promoted' || event.kind === 'rolled-back'
}

/** What the alias named then; null before it was first set. */
export function servedAt(events: readonly RegistryEvent[], alias: string, time: Date): ServedPeriod | null {
  return servedPeriods(events, alias).findLast(({ from }) => Date.parse(from) <= time.getTime()) ?? null
}
