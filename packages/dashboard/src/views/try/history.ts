// What was tried in this visit: the newest few, one entry for a text that is still being typed.
import type { Try } from '../../app/context.tsx'

export const MOST_TRIES = 8

/** Puts a try in front; it replaces the entry that it continues, and an older entry of the same text. */
export function addTry(tries: readonly Try[], next: Try): readonly Try[] {
  const text = next.text.trim()
  const kept = tries.filter((old, index) => {
    const before = old.text.trim()
    return before !== text && !(index === 0 && continues(before, text))
  })
  return [{ ...next, text }, ...kept].slice(0, MOST_TRIES)
}

/** Typing on and deleting from the end are the same try; so is a change of a few letters at the end. */
function continues(before: string, after: string): boolean {
  return after.startsWith(before) || before.startsWith(after)
}
