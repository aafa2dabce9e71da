// GET /: the page, as the dashboard's build left it.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { needs } from '../http/routes.ts'
import { PAGE_POLICY_HEADER } from '../http/security-headers.ts'

const INDEX = 'index.html'
const ASSETS = 'assets'
const HIDDEN = { schema: { hide: true }, config: needs('public') }
const UNBUILT = 'The page is not built. Run "npm run build" in the checkout; the API works without it: see /docs.\n'

export async function registerPage(app: App, { pageFolder }: Context): Promise<void> {
  const entries = await readdir(pageFolder, { withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  if (!files.includes(INDEX)) {
    app.get(
      '/',
      HIDDEN,
      async (_request, reply) => await reply.code(503).type('text/plain; charset=utf-8').send(UNBUILT),
    )
    return
  }
  await registerAssets(app, join(pageFolder, ASSETS))
  const send = { root: pageFolder, cacheControl: false }
  app.get('/', HIDDEN, async (_request, reply) => {
    reply.header('content-security-policy', PAGE_POLICY_HEADER).header('cache-control', 'no-cache')
    return await reply.sendFile(INDEX, pageFolder, send)
  })
  for (const name of files.filter(isServed)) {
    app.get(`/${name}`, HIDDEN, async (_request, reply) => {
      return await reply.header('cache-control', 'public, max-age=3600').sendFile(name, pageFolder, send)
    })
  }
}

/** Names with a hash of their content: they never change. */
async function registerAssets(app: App, root: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith(`/${ASSETS}/`)) route.config = { ...route.config, ...needs('public') }
  })
  await app.register(fastifyStatic, {
    root,
    prefix: `/${ASSETS}/`,
    preCompressed: true,
    cacheControl: false,
    schemaHide: true,
    index: false,
    setHeaders: (reply, path) => {
      if (path.startsWith(root)) reply.header('cache-control', 'public, max-age=31536000, immutable')
    },
  })
}

/** Compressed twins are sent in the place of their originals. */
function isServed(name: string): boolean {
  return name !== INDEX && !/\.(br|gz|zst|map)$/.test(name)
}
