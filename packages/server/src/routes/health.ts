// GET /health/live and /health/ready: for whoever restarts and routes.
import { type Health, HealthSchema } from '@renown/contract'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import type { DeploymentStatus } from '../deployment/status.ts'
import { answer, needs, problems } from '../http/routes.ts'

export function registerHealth(app: App, context: Context): void {
  const live = {
    operationId: 'getLiveness',
    summary: 'Whether the process answers',
    description: 'Never touches the model.',
    tags: ['Operations'],
    'x-responses': { 200: answer(HealthSchema, 'It answers.'), ...problems() },
  }
  app.get('/health/live', { schema: live, config: needs('public') }, async (): Promise<Health> => ({ status: 'live' }))

  const ready = {
    operationId: 'getReadiness',
    summary: 'Whether predictions are answered',
    tags: ['Operations'],
    'x-responses': {
      200: answer(HealthSchema, 'The model is loaded and works.'),
      ...problems(),
      503: answer(HealthSchema, 'The model is not ready, or the server is stopping.'),
    },
  }
  app.get('/health/ready', { schema: ready, config: needs('public') }, async (_request, reply): Promise<Health> => {
    const health = context.serving.engine.health()
    if (health.ready) return { status: 'ready', reason: null, notice: describeTrouble(context.deployment.status()) }
    reply.code(503)
    return { status: 'not_ready', reason: health.reason }
  })
}

/** Codes and names only: anybody may ask. */
function describeTrouble({ refused, serving, checked, following }: DeploymentStatus): string | null {
  const [newest] = refused
  if (newest !== undefined) return `${newest.reference} is refused (${newest.code}); ${serving.reference} serves`
  if (checked === null || checked.error === null) return null
  return `${following} cannot be looked at; ${serving.reference} serves`
}
