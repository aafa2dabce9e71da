// When a worker that failed starts again, and from when on requests are told so.

export interface RestartPlan {
  readonly delayMs: number
  /** Too many failures without an answer between them: what waits is failed, what comes is refused, until one starts. */
  readonly isDown: boolean
}

const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 30_000
const DOWN_AFTER = 5

/** `failures`: ends and failed starts since the last batch that was answered. */
export function planRestart(failures: number): RestartPlan {
  const delayMs = failures <= 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (failures - 2), LONGEST_DELAY_MS)
  return { delayMs, isDown: failures >= DOWN_AFTER }
}
