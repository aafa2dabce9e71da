// Posts as sets of short strings: every five characters in a row, hashed.

/** UTF-16 units in a shingle; about a word. */
const SHINGLE_UNITS = 5
/** What is compared of a long text: more than any window of a model holds. */
const COMPARED_UNITS = 4096

/**
 * The set of hashes of all shingles, ascending. A text that is shorter than a shingle is one; an empty one has none. Two
 * different shingles have one hash once in 2^32.
 */
export function shingleSet(form: string): Uint32Array {
  const units = Math.min(form.length, COMPARED_UNITS)
  if (units === 0) return new Uint32Array(0)
  const size = Math.min(SHINGLE_UNITS, units)
  const hashes = new Uint32Array(units - size + 1)
  for (let start = 0; start < hashes.length; start++) hashes[start] = hashShingle(form, start, size)
  hashes.sort()
  return hashes.subarray(0, removeRepeats(hashes))
}

function hashShingle(form: string, start: number, size: number): number {
  let hash = size
  for (let index = start; index < start + size; index++) {
    hash = Math.imul(hash ^ form.charCodeAt(index), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return mixBits(hash)
}

/** The finalizer of MurmurHash3: every bit in changes every bit out. */
export function mixBits(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** How many are left, at the front. */
function removeRepeats(ascending: Uint32Array): number {
  let kept = 0
  for (let index = 0; index < ascending.length; index++) {
    const value = ascending[index] ?? 0
    if (kept === 0 || value !== ascending[kept - 1]) ascending[kept++] = value
  }
  return kept
}

/** |a ∩ b| / |a ∪ b| of two ascending sets, or null as soon as that can't reach `threshold`; 1 for two empty ones. */
export function similarity(a: Uint32Array, b: Uint32Array, threshold: number): number | null {
  const both = a.length + b.length
  if (both === 0) return 1
  // Sets that share s elements have s / (both − s): so many may be without a partner.
  const mostAlone = both - 2 * Math.ceil((threshold * both) / (1 + threshold) - 1e-9)
  let left = 0
  let right = 0
  let alone = 0
  while (left < a.length && right < b.length) {
    const x = a[left] ?? 0
    const y = b[right] ?? 0
    if (x !== y && ++alone > mostAlone) return null
    if (x <= y) left++
    if (y <= x) right++
  }
  alone += a.length - left + b.length - right
  const shared = (both - alone) / 2
  return alone > mostAlone ? null : shared / (both - shared)
}
