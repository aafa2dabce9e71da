// The routes that were declared: which methods an address answers to, and what the metrics start with.
import type { RouteOptions } from 'fastify'
import type { RouteShape } from '../metrics/http-metrics.ts'

export interface RouteTable {
  add(route: RouteOptions): readonly RouteShape[]
  /** The methods that the address of a request answers to. */
  methodsAt(url: string): readonly string[]
}

export function createRouteTable(): RouteTable {
  const routes: { readonly method: string; readonly pattern: RegExp }[] = []
  return {
    add(route) {
      const methods = typeof route.method === 'string' ? [route.method] : route.method
      const statuses = statusesOf(route.schema)
      const pattern = toPattern(route.url)
      for (const method of methods) routes.push({ method, pattern })
      return methods.map((method) => ({ method, url: route.url, statuses }))
    },
    methodsAt(url) {
      const path = url.split(/[?#]/, 1)[0] ?? url
      return [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort()
    },
  }
}

function statusesOf(schema: unknown): readonly number[] {
  const responses =
    typeof schema === 'object' && schema !== null && 'x-responses' in schema ? schema['x-responses'] : null
  return typeof responses === 'object' && responses !== null ? Object.keys(responses).map(Number) : [200]
}

function toPattern(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+'
    return part.replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`))
  })
  return new RegExp(`^${parts.join('/')}$`)
}
