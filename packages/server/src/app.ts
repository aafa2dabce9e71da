// The HTTP app: built here, listened to elsewhere.
import type { IncomingMessage, ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { COMPONENTS } from '@renown/contract'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify'
import { createRateLimits, type RateLimits } from './auth/rate-limits.ts'
import type { Context } from './context.ts'
import { ApiError } from './errors.ts'
import { createGate, type Gate } from './http/access.ts'
import { createAdmission } from './http/admission.ts'
import { createClientErrorHandler, createExpectationHandler } from './http/client-errors.ts'
import { isLoopbackAddress } from './http/hosts.ts'
import { createRecorder } from './http/recorder.ts'
import { refuse } from './http/refusals.ts'
import { createRequestIds } from './http/request-ids.ts'
import { createRouteTable, type RouteTable } from './http/route-table.ts'
import { createValidatorCompiler } from './http/validation.ts'
import { UNMATCHED } from './metrics/http-metrics.ts'
import { createGateSummaries } from './registry/gate-summaries.ts'
import { registerDeployment } from './routes/deployment.ts'
import { registerDocs } from './routes/docs.ts'
import { registerDrift } from './routes/drift.ts'
import { registerHealth } from './routes/health.ts'
import { registerMetrics } from './routes/metrics.ts'
import { registerModel } from './routes/model.ts'
import { registerPage } from './routes/page.ts'
import { registerPredict } from './routes/predict.ts'
import { registerRegistry } from './routes/registry.ts'
import { registerRegistryChanges } from './routes/registry-changes.ts'
import { registerRegistryReports } from './routes/registry-reports.ts'
import { registerScoringDownloads } from './routes/scoring-downloads.ts'
import { registerScoringEvents } from './routes/scoring-events.ts'
import { registerScorings } from './routes/scorings.ts'
import { registerSession } from './routes/session.ts'
import { registerUploads } from './routes/uploads.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

const HEADERS_TIMEOUT_MS = 20_000

export async function buildApp(context: Context): Promise<App> {
  const app = createFastify(context)
  const table = createRouteTable()
  app.addHook('onRoute', (route) => {
    for (const shape of table.add(route)) context.httpMetrics.announce(shape)
  })
  for (const component of COMPONENTS) app.addSchema(component)
  app.setValidatorCompiler(createValidatorCompiler())
  app.removeContentTypeParser('text/plain')
  await app.register(cookie)
  const limits = await createRateLimits(app, context.config.rateLimit)
  const gate = openGate(context, limits)
  app.addHook(
    'onRequest',
    createAdmission(context, gate, createRecorder(context.httpMetrics, context.logger, context.tracing)),
  )
  app.setErrorHandler(async (error, request, reply) => {
    await refuse(error, request, reply, context.logger)
    return reply
  })
  app.setNotFoundHandler(async (request, reply) => {
    await refuse(explainMiss(table, request.method, request.url), request, reply, context.logger)
    return reply
  })
  await registerRoutes(app, context, gate, limits)
  await app.ready()
  return app
}

function createFastify(context: Context): App {
  const { config, httpMetrics, logger } = context
  const count = (status: number): void => httpMetrics.request('OTHER', null, status, 0)
  const app: App = Fastify({
    // Requests are logged by our recorder: one line, and none for /predict.
    logger: false,
    genReqId: createRequestIds(),
    bodyLimit: config.bodyLimit,
    trustProxy: config.trustProxy.length === 0 ? false : [...config.trustProxy],
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 5000 },
    clientErrorHandler: createClientErrorHandler(count),
    frameworkErrors: (error, request, reply) => {
      count(400)
      void refuse(error, request, reply, logger)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.on('checkExpectation', createExpectationHandler(count))
  return app
}

function openGate({ config, keys, sessions }: Context, limits: RateLimits): Gate {
  return createGate({ keys, sessions, limits, open: isLoopbackAddress(config.host) })
}

async function registerRoutes(app: App, context: Context, gate: Gate, limits: RateLimits): Promise<void> {
  await registerDocs(app, context)
  registerPredict(app, context)
  registerModel(app, context)
  registerRegistry(app, context, createGateSummaries())
  registerRegistryReports(app, context)
  registerRegistryChanges(app, context, gate)
  registerDeployment(app, context)
  registerDrift(app, context)
  registerScorings(app, context)
  registerScoringEvents(app, context)
  registerScoringDownloads(app, context)
  await registerUploads(app, context)
  registerSession(app, context, gate, limits)
  registerHealth(app, context)
  registerMetrics(app, context)
  await registerPage(app, context)
}

function explainMiss(table: RouteTable, method: string, url: string): ApiError {
  const methods = table.methodsAt(url)
  if (methods.length === 0 || methods.includes(method)) return new ApiError('ROUTE_NOT_FOUND')
  const allow = methods.join(', ')
  return new ApiError('METHOD_NOT_ALLOWED', {
    detail: `${method === '' ? UNMATCHED : method} is not answered here: expected ${allow}.`,
    headers: { allow },
  })
}
