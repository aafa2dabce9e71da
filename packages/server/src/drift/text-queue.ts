// Scored texts that wait to be looked at: few at a time, so that requests go first, and no more than a bounded number.

/** Looking at a text takes some 50 µs: so many in one turn of the event loop. */
const AT_ONCE = 10

export interface TextQueueOptions<T> {
  /** Texts a second that are looked at on average; the others are not. */
  readonly rate: number
  /** How many may wait, and how many may come at once. */
  readonly burst: number
  /** Milliseconds; of a clock that doesn't jump. */
  readonly elapsed: () => number
  readonly take: (item: T) => void
}

export interface TextQueue<T> {
  /** False where there have been enough. */
  offer(item: T): boolean
  /** Resolves when nothing waits. */
  drained(): Promise<void>
}

/** A token bucket before a queue. */
export function createTextQueue<T>({ rate, burst, elapsed, take }: TextQueueOptions<T>): TextQueue<T> {
  let waiting: T[] = []
  let allowance = burst
  let last = elapsed()
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      const batch = waiting.slice(0, AT_ONCE)
      waiting = waiting.slice(AT_ONCE)
      for (const item of batch) take(item)
    }
    running = null
  }

  return {
    offer(item) {
      const time = elapsed()
      allowance = Math.min(burst, allowance + ((time - last) * rate) / 1000)
      last = time
      if (allowance < 1 || waiting.length >= burst) return false
      allowance -= 1
      waiting.push(item)
      running ??= run()
      return true
    },
    drained: async () => await (running ?? undefined),
  }
}
