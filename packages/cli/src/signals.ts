// Ctrl-C: the first one asks to stop, the second one ends the process.
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

export interface Interruption {
  readonly signal: AbortSignal
  dispose(): void
}

/**
 * The signal is aborted by the first SIGINT or SIGTERM. The second one has its usual effect, without handlers: ending the
 * process through `process.exit` would abort it while onnxruntime runs in a worker.
 */
export function watchInterruption(onFirst?: () => void): Interruption {
  const controller = new AbortController()
  const dispose = (): void => {
    for (const name of SIGNALS) process.off(name, listener)
  }
  const listener = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      dispose()
      process.kill(process.pid, name)
      return
    }
    onFirst?.()
    controller.abort()
  }
  for (const name of SIGNALS) process.on(name, listener)
  return { signal: controller.signal, dispose }
}
