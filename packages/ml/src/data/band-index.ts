// Which texts share bands with another: the candidates for near duplicates, the likeliest first.
import { BANDS } from './min-hash.ts'
import { mixBits } from './shingles.ts'

/**
 * How many texts with the same band are looked at, the latest first. A hundred thousand texts that all share their bands
 * would otherwise be compared with one another.
 */
const MOST_PER_BAND = 64
/** So many bands may have had more: texts of similarity 0.8 share fewer than two of the 20 others but four times in 10,000. */
const CROWDED_BANDS = 4
/** One band in common is most often a turn of phrase. */
const LEAST_SHARED = 2

export interface BandIndex {
  /** Adds the next text: they are numbered in the order in which they are added. */
  add(bands: Uint32Array, offset: number): void
  /** Calls `visit` with the texts that share two bands or more, those that share most first, until it returns false. */
  visitCandidates(bands: Uint32Array, offset: number, visit: (text: number) => boolean): { readonly cutShort: boolean }
}

export function createBandIndex(capacity: number): BandIndex {
  const table = createTable(capacity * BANDS)
  const found = createCandidates(capacity)
  let added = 0
  return {
    add(bands, offset) {
      for (let band = 0; band < BANDS; band++) table.insert(added * BANDS + band, bands[offset + band] ?? 0)
      added++
    },
    visitCandidates(bands, offset, visit) {
      let crowded = 0
      for (let band = 0; band < BANDS; band++) {
        if (!collectBand(table, band, bands[offset + band] ?? 0, found)) crowded++
      }
      for (const text of found.take()) if (!visit(text)) break
      return { cutShort: crowded > CROWDED_BANDS }
    },
  }
}

/** Counts the texts that have the band; false where there are more than are looked at. */
function collectBand(table: Table, band: number, key: number, found: Candidates): boolean {
  let steps = 0
  for (let entry = table.first(key); entry >= 0; entry = table.next(entry)) {
    if (++steps > MOST_PER_BAND) return false
    if (entry % BANDS === band && table.key(entry) === key) found.count((entry - band) / BANDS)
  }
  return true
}

interface Candidates {
  count(text: number): void
  /** Those that were counted often enough, most first; forgets them all. */
  take(): Int32Array
}

function createCandidates(capacity: number): Candidates {
  const shared = new Uint8Array(capacity)
  const counted = new Int32Array(BANDS * MOST_PER_BAND)
  let length = 0
  return {
    count(text) {
      if (shared[text] === 0) counted[length++] = text
      shared[text] = (shared[text] ?? 0) + 1
    },
    take() {
      const all = counted.subarray(0, length)
      const ordered = orderByCount(
        all.filter((text) => (shared[text] ?? 0) >= LEAST_SHARED),
        shared,
      )
      for (const text of all) shared[text] = 0
      length = 0
      return ordered
    },
  }
}

/** Counting sort: there may be thousands, and counts end at BANDS. */
function orderByCount(texts: Int32Array, counts: Uint8Array): Int32Array {
  const starts = new Int32Array(BANDS + 1)
  for (const text of texts) {
    const count = counts[text] ?? 0
    starts[count - 1] = (starts[count - 1] ?? 0) + 1
  }
  for (let count = BANDS - 1; count >= 0; count--) starts[count] = (starts[count] ?? 0) + (starts[count + 1] ?? 0)
  const ordered = new Int32Array(texts.length)
  for (const text of texts) {
    const count = counts[text] ?? 0
    const place = starts[count] ?? 0
    ordered[place] = text
    starts[count] = place + 1
  }
  return ordered
}

interface Table {
  insert(entry: number, key: number): void
  /** The latest entry in the key's bucket, −1 for none; other keys may be in it too. */
  first(key: number): number
  next(entry: number): number
  key(entry: number): number
}

/** Chained hashing in three arrays. */
function createTable(capacity: number): Table {
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * capacity)))
  const heads = new Int32Array(buckets).fill(-1)
  const links = new Int32Array(capacity)
  const keys = new Uint32Array(capacity)
  const bucketOf = (key: number): number => mixBits(key) & (buckets - 1)
  return {
    insert(entry, key) {
      const bucket = bucketOf(key)
      keys[entry] = key
      links[entry] = heads[bucket] ?? -1
      heads[bucket] = entry
    },
    first: (key) => heads[bucketOf(key)] ?? -1,
    next: (entry) => links[entry] ?? -1,
    key: (entry) => keys[entry] ?? 0,
  }
}
