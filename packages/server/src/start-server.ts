// Starts the server: model and app at the same time, then the port.
import type { Socket } from 'node:net'
import type { App } from './app.ts'
import { makeHome } from './auth/keys.ts'
import type { Config } from './config/settings.ts'
import type { Context } from './context.ts'
import { createFoundation, type Foundation, type Overrides, type Served } from './foundation.ts'
import { explainListen } from './http/explain-listen.ts'
import { requireCredentials } from './http/require-credentials.ts'
import type { MetricsListener } from './metrics/metrics-listener.ts'

export interface StartedServer {
  /** Where it listens, as a browser takes it. */
  readonly address: string
  /** Where metrics alone are, or null. */
  readonly metricsAddress: string | null
  readonly app: App
  readonly context: Context
  /** Stops accepting, answers what is under way, keeps what jobs have scored. A second call waits for the first. */
  close(): Promise<void>
}

/**
 * Throws CREDENTIALS_REQUIRED, PORT_IN_USE, ADDRESS_UNAVAILABLE, HOME_UNUSABLE, and what loading the model throws.
 */
export async function startServer(config: Config, overrides: Overrides = {}): Promise<StartedServer> {
  await makeHome(config.home)
  const foundation = await createFoundation(config, overrides)
  const { metricsHost, metricsPort } = config
  const hosts = metricsPort === 'off' ? [config.host] : [config.host, metricsHost]
  requireCredentials({ hosts, keys: foundation.keys, home: config.home })
  const loading = (overrides.serve ?? serveRealModel)(foundation)
  // Awaited below, once the app is there.
  loading.catch(() => undefined)
  const { app, context } = await assemble(foundation)
  let metrics: MetricsListener | null = null
  try {
    const unused = watchUnused(app)
    metrics = await openMetrics(context)
    context.serving.set(await loading)
    context.scorings.resume()
    const address = await listen(app, config)
    context.logger.info({ address, model: context.serving.engine.model().version }, 'listening')
    context.canary.start(config.canarySeconds)
    context.drift.start()
    const metricsAddress = metrics?.address ?? null
    return { address, metricsAddress, app, context, close: createClose({ app, context, unused, metrics }) }
  } catch (error) {
    await app.close()
    await closeContext(context, loading, metrics)
    throw error
  }
}

/** Loads in its worker while this thread reads the modules of the app and builds it. */
async function serveRealModel(foundation: Foundation): Promise<Served> {
  const { serveModel } = await import('./serve-model.ts')
  return await serveModel(foundation)
}

async function assemble(foundation: Foundation): Promise<{ app: App; context: Context }> {
  const [{ buildApp }, { createContext }] = await Promise.all([import('./app.ts'), import('./context.ts')])
  const context = await createContext(foundation)
  return { app: await buildApp(context), context }
}

/** Before the model is there: how loading goes is of interest too, and a port that is taken is told at once. */
async function openMetrics(context: Context): Promise<MetricsListener | null> {
  const { metricsHost: host, metricsPort: port } = context.config
  if (port === 'off') return null
  const { openMetricsListener } = await import('./metrics/metrics-listener.ts')
  const { createMetricsGuard } = await import('./http/metrics-guard.ts')
  const flag = '--metrics-port or RENOWN_METRICS_PORT'
  const listener = await openMetricsListener({
    host,
    port,
    flag,
    scrape: context.scrape,
    ...createMetricsGuard(context),
  })
  context.logger.info({ address: listener.address }, 'metrics')
  return listener
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port, listenTextResolver: String })
  } catch (cause) {
    throw explainListen(cause, { host, port, flag: '--port or RENOWN_PORT' })
  }
}

/** Connections that no request has come over: browsers open them ahead of time, and Node does not count them as idle. */
function watchUnused(app: App): ReadonlySet<Socket> {
  const unused = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  app.server.on('request', ({ socket }) => unused.delete(socket))
  return unused
}

interface Parts {
  readonly app: App
  readonly context: Context
  readonly unused: ReadonlySet<Socket>
  readonly metrics: MetricsListener | null
}

function createClose(parts: Parts): () => Promise<void> {
  let closed: Promise<void> | null = null
  return () => {
    closed ??= close(parts)
    return closed
  }
}

async function close({ app, context, unused, metrics }: Parts): Promise<void> {
  const { config, logger } = context
  context.stop()
  // Jobs first: their watchers hear of the end, and their connections become idle.
  await Promise.all([context.scorings.close(), context.registryTasks.close()])
  const timer = setTimeout(() => {
    logger.warn('requests under way were cut off at the deadline')
    app.server.closeAllConnections()
  }, config.stopDeadline)
  const stopped = app.close()
  for (const socket of unused) socket.destroy()
  await stopped
  clearTimeout(timer)
  await closeContext(context, Promise.resolve(context.serving), metrics)
  logger.info('stopped')
  logger.flush()
}

async function closeContext(
  context: Context,
  loading: Promise<Pick<Served, 'engine'>>,
  metrics: MetricsListener | null,
): Promise<void> {
  await Promise.all([context.scorings.close(), context.canary.close()])
  const served = await loading.catch(() => null)
  await served?.engine.close({ deadlineMs: context.config.stopDeadline })
  await context.drift.close()
  await metrics?.close()
  await context.keys.close()
  context.processMetrics.close()
  await context.tracing?.close()
}
