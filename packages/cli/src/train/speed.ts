// How fast a training goes, from its last updates: evaluations and checkpoints between them don't count.

export interface Speed {
  /** An update with so many tokens is done. */
  add(tokens: number): void
  /** What comes next is no update. */
  pause(): void
  measure(updatesLeft: number): { readonly tokensPerSecond: number | null; readonly secondsLeft: number | null }
}

const WINDOW = 50

/** `now` gives milliseconds. */
export function createSpeed(now: () => number): Speed {
  const updates: { readonly tokens: number; readonly ms: number }[] = []
  let before: number | null = null
  return {
    add(tokens) {
      const time = now()
      if (before !== null) updates.push({ tokens, ms: time - before })
      if (updates.length > WINDOW) updates.shift()
      before = time
    },
    pause() {
      before = null
    },
    measure(updatesLeft) {
      const ms = updates.reduce((sum, update) => sum + update.ms, 0)
      if (ms <= 0) return { tokensPerSecond: null, secondsLeft: null }
      const tokens = updates.reduce((sum, update) => sum + update.tokens, 0)
      return { tokensPerSecond: (1000 * tokens) / ms, secondsLeft: (updatesLeft * ms) / 1000 / updates.length }
    },
  }
}
