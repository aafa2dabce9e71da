// `renown serve`: starts the server, says where it is, and stops it in good order.
import { type StartedServer, startServer } from '@renown/server/start-server'
import { EXIT_FAILURE, EXIT_OK } from './exit-codes.ts'
import { type Io, note } from './io.ts'
import { readServerSettings } from './settings.ts'
import { watchInterruption } from './signals.ts'

/** The settings that were given, by name, and `--config`. */
export type ServeFlags = Readonly<Record<string, unknown>> & { readonly config?: string; readonly verbose?: boolean }

/** Beyond the server's own deadlines, for what hangs. */
const PATIENCE_MS = 5000

export async function runServe(io: Io, flags: ServeFlags): Promise<number> {
  const { config: file, verbose: _, ...given } = flags
  const settings = await readServerSettings(io, given, file)
  if (settings.unknown.length > 0) note(io, `No setting is called ${settings.unknown.join(', ')}`)
  const interruption = watchInterruption(() =>
    note(io, 'Stopping: what was accepted is answered. Ctrl-C again stops at once.'),
  )
  const server = await startServer(settings.config)
  io.stdout.write(`Renown is ready at ${server.address}\n`)
  await aborted(interruption.signal)
  const isClosed = await closeWithin(server, 2 * settings.config.stopDeadline + PATIENCE_MS)
  if (!isClosed) {
    note(io, 'The server did not stop in time and is ended')
    // Not `process.exit`: while onnxruntime runs in a worker, that aborts the process and dumps core.
    interruption.dispose()
    process.kill(process.pid, 'SIGTERM')
    return EXIT_FAILURE
  }
  interruption.dispose()
  return EXIT_OK
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

async function closeWithin(server: StartedServer, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false)
  })
  try {
    return await Promise.race([server.close().then(() => true as const), late])
  } finally {
    clearTimeout(timer)
  }
}
