// Label values that come from outside, such as a model's version: short, printable, and different where they were.
import { createHash } from 'node:crypto'

const MOST_CHARACTERS = 100
const HASH_CHARACTERS = 8
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu

/** Unprintable characters become spaces; what is too long, or empty then, is told apart by its hash. */
export function toLabelValue(value: string): string {
  const printable = value.replace(UNPRINTABLE, ' ').trim()
  if (printable === value && value !== '' && value.length <= MOST_CHARACTERS) return value
  const hash = createHash('sha256').update(value).digest('hex').slice(0, HASH_CHARACTERS)
  return `${printable.slice(0, MOST_CHARACTERS - HASH_CHARACTERS - 1).toWellFormed()}~${hash}`
}
