// The index of a scored file: 32 bytes for each row, so that any page of posts is found without reading the texts.
import { open } from 'node:fs/promises'
import type { Sentiment } from '@renown/contract'
import { SENTIMENTS } from '@renown/contract'
import { readExactly } from './append-file.ts'

export const ENTRY_BYTES = 32
const ENTRIES_AT_ONCE = 32_768

/** Where a scored row lies in the results, and what it is found by. */
export interface IndexEntry {
  readonly offset: number
  readonly length: number
  readonly label: Sentiment
  readonly score: number
  /** Milliseconds since 1970; NaN: no date. */
  readonly date: number
  readonly textHash: number
}

// Native byte order: the file never leaves the machine. f64 offset, f64 date, f32 score, u32 length, u32 label, u32 hash.
export function encodeEntries(entries: readonly IndexEntry[]): Uint8Array {
  const buffer = new ArrayBuffer(entries.length * ENTRY_BYTES)
  const view = viewEntries(buffer)
  for (const [i, entry] of entries.entries()) {
    view.doubles[i * 4] = entry.offset
    view.doubles[i * 4 + 1] = entry.date
    view.floats[i * 8 + 4] = entry.score
    view.words[i * 8 + 5] = entry.length
    view.words[i * 8 + 6] = SENTIMENTS.indexOf(entry.label)
    view.words[i * 8 + 7] = entry.textHash
  }
  return new Uint8Array(buffer)
}

interface EntryView {
  readonly doubles: Float64Array
  readonly floats: Float32Array
  readonly words: Uint32Array
}

function viewEntries(buffer: ArrayBuffer): EntryView {
  return { doubles: new Float64Array(buffer), floats: new Float32Array(buffer), words: new Uint32Array(buffer) }
}

export interface PostFilter {
  readonly label: Sentiment | null
  /** Inclusive; -Infinity: from the beginning. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** A row that was found: its number in the index, and where it lies. */
export interface FoundEntry {
  readonly number: number
  readonly offset: number
  readonly length: number
  readonly score: number
  readonly textHash: number
}

/** Calls `visit` with the rows that pass the filter, from `start`, in the order of the file, until it returns false. */
async function scan(
  path: string,
  range: { readonly start: number; readonly entries: number },
  filter: PostFilter,
  visit: (entry: FoundEntry) => boolean,
): Promise<void> {
  const matches = createMatcher(filter)
  const file = await open(path, 'r')
  try {
    for (let first = range.start; first < range.entries; first += ENTRIES_AT_ONCE) {
      const count = Math.min(ENTRIES_AT_ONCE, range.entries - first)
      const bytes = await readExactly(file, first * ENTRY_BYTES, count * ENTRY_BYTES)
      const view = viewEntries(new Uint8Array(bytes).buffer)
      for (let i = 0; i < count; i++) {
        if (matches(view, i) && !visit(entryAt(view, i, first + i))) return
      }
    }
  } finally {
    await file.close()
  }
}

function createMatcher(filter: PostFilter): (view: EntryView, i: number) => boolean {
  const label = filter.label === null ? null : SENTIMENTS.indexOf(filter.label)
  const anyDate = filter.from === Number.NEGATIVE_INFINITY && filter.to === Number.POSITIVE_INFINITY
  return ({ doubles, words }, i) => {
    if (label !== null && words[i * 8 + 6] !== label) return false
    if (anyDate) return true
    const date = doubles[i * 4 + 1] ?? Number.NaN
    return date >= filter.from && date < filter.to
  }
}

function entryAt({ doubles, floats, words }: EntryView, i: number, number: number): FoundEntry {
  return {
    number,
    offset: doubles[i * 4] ?? 0,
    score: floats[i * 8 + 4] ?? 0,
    length: words[i * 8 + 5] ?? 0,
    textHash: words[i * 8 + 7] ?? 0,
  }
}

export interface PageRequest {
  readonly path: string
  /** How many entries the index holds. */
  readonly entries: number
  readonly filter: PostFilter
  readonly limit: number
}

/** The next rows in the order of the file, after the row `after`. */
export async function findInFileOrder(page: PageRequest, after: number | null): Promise<FoundEntry[]> {
  const found: FoundEntry[] = []
  const range = { start: after === null ? 0 : after + 1, entries: page.entries }
  await scan(page.path, range, page.filter, (entry) => {
    found.push(entry)
    return found.length < page.limit
  })
  return found
}

export interface StrongestCursor {
  readonly score: number
  readonly number: number
}

/**
 * The next rows by falling score, each distinct text once. One pass over the index holds only the page: of equal texts
 * (same hash and same score) the first row counts, also across pages.
 */
export async function findStrongest(page: PageRequest, after: StrongestCursor | null): Promise<FoundEntry[]> {
  const best: FoundEntry[] = []
  const shown = new Set<number>()
  await scan(page.path, { start: 0, entries: page.entries }, page.filter, (entry) => {
    if (after !== null && isShown(entry, after)) {
      if (entry.score === after.score) shown.add(entry.textHash)
      return true
    }
    const repeats = after !== null && entry.score === after.score && shown.has(entry.textHash)
    if (!repeats) keepBest(best, entry, page.limit)
    return true
  })
  return best
}

function isShown(entry: FoundEntry, after: StrongestCursor): boolean {
  return entry.score > after.score || (entry.score === after.score && entry.number <= after.number)
}

/** `best` stays sorted; entries come by rising number, so an equal score goes behind. */
function keepBest(best: FoundEntry[], entry: FoundEntry, limit: number): void {
  const weakest = best.at(-1)
  if (best.length >= limit && weakest !== undefined && entry.score <= weakest.score) return
  let at = best.length
  for (let other = best[at - 1]; other !== undefined && other.score < entry.score; other = best[at - 1]) at--
  for (let i = at - 1; i >= 0 && best[i]?.score === entry.score; i--) if (best[i]?.textHash === entry.textHash) return
  best.splice(at, 0, entry)
  if (best.length > limit) best.pop()
}

/** FNV-1a over UTF-16 units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
