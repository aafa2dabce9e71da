// Requests that fail or are cut at random, the same ones for the same seed.
import type { FaultKind } from './stand-in-faults.ts'

export type Mishap =
  /** The request is refused, or its answer is faulty. */
  | { readonly kind: 'answer'; readonly fault: FaultKind }
  /** The connection is cut half-way through the request: nothing of it is done. */
  | { readonly kind: 'cut-request' }
  /** What was asked for is done, and the connection is cut before the answer. */
  | { readonly kind: 'cut-answer' }

const MISHAPS: readonly Mishap[] = [
  { kind: 'answer', fault: { kind: 'status', status: 503 } },
  { kind: 'answer', fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } } },
  { kind: 'cut-request' },
  { kind: 'cut-answer' },
]

/** Null for the requests that nothing happens to. */
export function planMishaps(share: number, seed: number): () => Mishap | null {
  let state = seed >>> 0
  const draw = (): number => {
    // A step of SplitMix32.
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  return () => (draw() < share ? (MISHAPS[Math.floor(draw() * MISHAPS.length)] ?? null) : null)
}
