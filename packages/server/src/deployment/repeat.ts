// Work that is done again and again, a while after it has ended.

export interface Repeating {
  stop(): void
}

/** Keeps no process alive. The work must not throw. */
export function repeat(ms: number, work: () => Promise<unknown>): Repeating {
  let stopped = false
  let timer = setTimeout(turn, ms)
  timer.unref()
  function turn(): void {
    void work().finally(() => {
      if (stopped) return
      timer = setTimeout(turn, ms)
      timer.unref()
    })
  }
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
