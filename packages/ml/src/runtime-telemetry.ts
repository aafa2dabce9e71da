// onnxruntime reports to its makers what it runs; here it reports nothing.

/**
 * To be called on the main thread before the process's first session: onnxruntime (since 1.29) decides once, by the
 * process's environment, and what a worker thread writes into its own never gets there. It would look through the whole
 * command line, where posts may be, with a pattern that overflows a worker's stack where that is long; keep what it
 * found under the home folder; and send it, with a name for the machine, whenever there is a network.
 */
export function silenceRuntime(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1'
}
