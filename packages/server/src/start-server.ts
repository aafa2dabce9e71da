// Starts the server: model and app at the same time, then the port.
import type { Socket } from 'node:net'
import type { App } from './app.ts'
import { makeHome } from './auth/keys.ts'
import type { Config } from './config/settings.ts'
import type { Context } from './context.ts'
import { codeOf, ServerError } from './errors.ts'
import { createFoundation, type Foundation, type Overrides, type Served } from './foundation.ts'
import { isLoopbackAddress } from './http/hosts.ts'

export interface StartedServer {
  /** Where it listens, as a browser takes it. */
  readonly address: string
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
  const foundation = createFoundation(config, overrides)
  requireCredentials(foundation)
  const loading = (overrides.serve ?? serveRealModel)(foundation)
  // Awaited below, once the app is there.
  loading.catch(() => undefined)
  const { app, context } = await assemble(foundation)
  try {
    const unused = watchUnused(app)
    context.serving.set(await loading)
    context.scorings.resume()
    const address = await listen(app, config)
    context.logger.info({ address, model: context.serving.engine.model().version }, 'listening')
    return { address, app, context, close: createClose(app, context, unused) }
  } catch (error) {
    await app.close()
    await closeContext(context, loading)
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

function requireCredentials({ config, keys }: Foundation): void {
  if (isLoopbackAddress(config.host) || !keys.isEmpty()) return
  throw new ServerError(
    'CREDENTIALS_REQUIRED',
    `${config.host} can be reached from other machines, so Renown only listens there with an API key, and ${config.home} has none. Make one with: renown keys create --name NAME --scopes read. Or listen on 127.0.0.1, which needs none.`,
  )
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port, listenTextResolver: String })
  } catch (cause) {
    throw explainListen(cause, host, port)
  }
}

function explainListen(cause: unknown, host: string, port: number): unknown {
  const code = codeOf(cause)
  if (code === 'EADDRINUSE') {
    const advice = 'Choose another with --port or RENOWN_PORT (0 takes a free one), or stop what uses it.'
    return new ServerError('PORT_IN_USE', `Port ${port} on ${host} is in use. ${advice}`, { cause })
  }
  if (code === 'EACCES') {
    const message = `Port ${port} on ${host} may not be used by this user. Choose one above 1023 with --port or RENOWN_PORT.`
    return new ServerError('ADDRESS_UNAVAILABLE', message, { cause })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAFNOSUPPORT') {
    const message = `${host} is not an address of this machine. Choose one with --host or RENOWN_HOST.`
    return new ServerError('ADDRESS_UNAVAILABLE', message, { cause })
  }
  return cause
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

function createClose(app: App, context: Context, unused: ReadonlySet<Socket>): () => Promise<void> {
  let closed: Promise<void> | null = null
  return () => {
    closed ??= close(app, context, unused)
    return closed
  }
}

async function close(app: App, context: Context, unused: ReadonlySet<Socket>): Promise<void> {
  const { config, logger } = context
  context.stop()
  // Jobs first: their watchers hear of the end, and their connections become idle.
  await context.scorings.close()
  const timer = setTimeout(() => {
    logger.warn('requests under way were cut off at the deadline')
    app.server.closeAllConnections()
  }, config.stopDeadline)
  const stopped = app.close()
  for (const socket of unused) socket.destroy()
  await stopped
  clearTimeout(timer)
  await closeContext(context, Promise.resolve(context.serving))
  logger.info('stopped')
  logger.flush()
}

async function closeContext(context: Context, loading: Promise<Pick<Served, 'engine'>>): Promise<void> {
  await context.scorings.close()
  const served = await loading.catch(() => null)
  await served?.engine.close({ deadlineMs: context.config.stopDeadline })
  await context.keys.close()
  context.processMetrics.close()
}
