// Which column holds the posts, which their dates, labels, ids, authors and sources: by name and by content.
import type { ColumnRole } from './column-hints.ts'
import { COLUMN_ROLES, hintRank, plainName } from './column-hints.ts'
import type { ColumnProfile } from './column-profile.ts'
import { profileColumn } from './column-profile.ts'
import type { SourceRow } from './rows.ts'

export type ColumnGuess = Readonly<Record<ColumnRole, string | null>>

/** A guess needs at least this much to be made. */
const ENOUGH = 10
const NAME_POINTS = 60

/**
 * Each column gets at most one role, each role at most one column, null where nothing fits. A column of numbers, links
 * or dates is never the text, whatever its name; without rows, names alone decide.
 */
export function guessColumns(columns: readonly string[], sample: readonly SourceRow[]): ColumnGuess {
  const profiles = columns.map((name) => profileColumn(name, sample))
  const taken = new Set<string>()
  const guess: Record<ColumnRole, string | null> = {
    text: null,
    date: null,
    label: null,
    id: null,
    author: null,
    source: null,
  }
  for (const role of COLUMN_ROLES) {
    const best = bestColumn(
      profiles.filter(({ name }) => !taken.has(name)),
      role,
    )
    if (best === null) continue
    guess[role] = best
    taken.add(best)
  }
  return guess
}

function bestColumn(profiles: readonly ColumnProfile[], role: ColumnRole): string | null {
  let best: string | null = null
  let most = ENOUGH
  for (const profile of profiles) {
    const points = SCORES[role](profile, namePoints(profile.name, role))
    if (points > most) {
      best = profile.name
      most = points
    }
  }
  return best
}

type Score = (profile: ColumnProfile, named: number) => number

const SCORES: Readonly<Record<ColumnRole, Score>> = {
  text: textPoints,
  date: datePoints,
  label: labelPoints,
  id: (profile, named) => (named > 0 && profile.sentences < 0.2 && profile.structures < 0.5 ? named : 0),
  author: (profile, named) => (named > 0 && profile.structures < 0.5 && profile.links < 0.5 ? named : 0),
  source: (profile, named) => (named > 0 && profile.structures < 0.5 && profile.numbers < 0.5 ? named : 0),
}

function namePoints(name: string, role: ColumnRole): number {
  const rank = hintRank(name, role)
  if (rank !== null) return NAME_POINTS - rank / 2
  return role === 'text' && /text|tweet|comment|review|message/.test(plainName(name)) ? NAME_POINTS / 4 : 0
}

function textPoints(profile: ColumnProfile, named: number): number {
  if (profile.filled === 0) return named === NAME_POINTS / 4 ? 0 : named
  const { numbers, links, dates, structures, sentiments } = profile
  if (Math.max(numbers, links, dates, structures, sentiments) > 0.5) return 0
  if (looksLikeId(profile)) return 0
  const long = Math.min(40, profile.meanBytes / 2) * profile.sentences
  return named + long * (0.2 + 0.8 * profile.distinct)
}

/** Different in every row, short and without spaces. */
function looksLikeId({ name, sentences, distinct, meanBytes, filled }: ColumnProfile): boolean {
  const oneWord = sentences < 0.05
  return oneWord && (/id$/.test(plainName(name)) || (filled > 5 && distinct > 0.95 && meanBytes > 12))
}

function datePoints(profile: ColumnProfile, named: number): number {
  if (profile.filled === 0) return named
  if (profile.dates > 0.6) return named + 30 * profile.dates
  // A bare number is an epoch only where the name says so: ids look the same.
  return named > 0 && profile.epochs > 0.6 ? named : 0
}

function labelPoints(profile: ColumnProfile, named: number): number {
  if (profile.filled === 0) return named
  if (profile.sentiments > 0.8) return named + 40
  const few = profile.values <= 20 && (profile.filled < 10 || profile.distinct <= 0.5)
  return few && profile.structures < 0.5 && profile.sentences < 0.5 ? named : 0
}
