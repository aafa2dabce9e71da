// Which labelled rows are kept from training, to judge every candidate on.
import { createHash } from 'node:crypto'
import { comparisonForm } from './comparison-form.ts'

export interface GateSplitOptions {
  /** Share of the different texts, strictly between 0 and 1. */
  readonly share: number
  /** A whole number from 0. */
  readonly seed: number
}

/** Row numbers, ascending. */
export interface GateSplit {
  readonly gate: Uint32Array
  readonly rest: Uint32Array
}

const BYTES = 6

/**
 * A text alone decides on which side it is: the same in every order of the rows, in every file, and whatever rows are
 * added or left out. Texts that differ only in case, punctuation, mentions and web addresses stay together. Throws a
 * RangeError for a share or seed that is none.
 */
export function gateSplit(texts: readonly string[], { share, seed }: GateSplitOptions): GateSplit {
  if (!(share > 0 && share < 1)) throw new RangeError(`Expected a share between 0 and 1, got ${share}`)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`Expected a whole number from 0, got ${seed}`)
  const limit = share * 2 ** (8 * BYTES)
  const isGate = texts.map((text) => hashNumber(`${seed}\n${comparisonForm(text)}`) < limit)
  const rows = Uint32Array.from(texts.keys())
  return { gate: rows.filter((row) => isGate[row] === true), rest: rows.filter((row) => isGate[row] !== true) }
}

/** The first 48 bits of SHA-256. */
function hashNumber(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, BYTES)
}
