// /openapi.json, Swagger UI at /docs (its files come with the package: no network), and the error codes in words.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { API_ERROR_CODES } from '@renown/contract'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { file, needs, problems } from '../http/routes.ts'
import { DOCS_POLICY_HEADER, PAGE_POLICY_HEADER } from '../http/security-headers.ts'

const VERSION = '0.1.0'

const TAGS = [
  { name: 'Sentiment', description: 'Texts in, sentiments out.' },
  { name: 'Scorings', description: 'Files of posts: progress, numbers, posts, downloads.' },
  { name: 'Model', description: 'What serves, and how well it does.' },
  {
    name: 'Registry',
    description: 'Versions of models, the aliases that name them, and who moved what, when and why.',
  },
  { name: 'Deployment', description: 'Which model serves, what comes next, and the way back.' },
  { name: 'Session', description: 'The login of the page.' },
  { name: 'Operations', description: 'Health and metrics.' },
]

export async function registerDocs(app: App, _context: Context): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Renown',
        version: VERSION,
        description:
          'Sentiment of social-media posts. Every error is a problem document (RFC 9457) with a stable `code`; /docs/errors explains each.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: TAGS,
      security: [{}, { key: [] }, { session: [] }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key: rk_…' },
          session: { type: 'apiKey', in: 'cookie', name: 'renown_session', description: 'The login of the page.' },
        },
      },
    },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
    transform: ({ schema, url }) => ({ schema: showAll(schema), url }),
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY_HEADER,
    theme: { title: 'Renown API' },
    uiConfig: { deepLinking: true, tryItOutEnabled: true, persistAuthorization: false },
    logo: { type: 'image/svg+xml', content: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
  })
  registerDocument(app)
  registerErrors(app)
}

/**
 * What Fastify need not compile is documented beside its own schema: `x-responses`, as most answers are plain JSON, and
 * `x-body`, as an upload is a stream.
 */
function showAll<S>(schema: S): S {
  if (typeof schema !== 'object' || schema === null) return schema
  const { 'x-body': body, 'x-responses': response, ...rest } = schema as Record<string, unknown>
  return { ...rest, ...(body === undefined ? {} : { body }), ...(response === undefined ? {} : { response }) } as S
}

function registerDocument(app: App): void {
  const schema = {
    operationId: 'getOpenApi',
    summary: 'This document',
    tags: ['Operations'],
    'x-responses': { 200: file('OpenAPI 3.1.', 'application/json'), ...problems() },
  }
  let text: string | null = null
  app.get('/openapi.json', { schema, config: needs('read') }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger())
    return await reply.type('application/json; charset=utf-8').send(text)
  })
}

function registerErrors(app: App): void {
  const rows = Object.entries(API_ERROR_CODES).map(
    ([code, { status, title, explanation }]) =>
      `<dt id="${code}"><code>${code}</code> (${status}): ${escapeHtml(title)}</dt><dd>${escapeHtml(explanation)}</dd>`,
  )
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Renown: error codes</title><h1>Error codes</h1><dl>${rows.join('')}</dl></html>`
  app.get('/docs/errors', { schema: { hide: true }, config: needs('public') }, async (_request, reply) => {
    return await reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY_HEADER).send(html)
  })
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
