// Gives a connection up on which nothing arrives.

export interface IdleWatch {
  readonly signal: AbortSignal
  readonly touch: () => void
  /** Also closes a connection that still sends. */
  readonly end: () => void
}

/** The timer keeps running until `end`. */
export function watchIdle(idleMs: number, signal: AbortSignal | undefined): IdleWatch {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error(`nothing arrived for ${idleMs / 1000} s`)), idleMs)
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([controller.signal, signal]),
    touch: () => void timer.refresh(),
    end: () => {
      clearTimeout(timer)
      controller.abort()
    },
  }
}
