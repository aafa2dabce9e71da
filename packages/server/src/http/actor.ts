// What the log of the registry calls those who ask.
import type { Identity } from './access.ts'

/** Whoever may use this machine needs no key, and has no name here. */
const LOCAL = 'local (no key)'
/** They would show as something else, or not at all. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Names aren't unique, ids are. A login of the page stands for its key. */
export function nameActor({ key }: Identity): string {
  return key === null ? LOCAL : `${key.name.replace(UNSEEN, '')} (key ${key.id})`
}
