// What a browser says about the page behind a request: the defence against cross-site requests, and CORS.
import type { IncomingHttpHeaders } from 'node:http'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const OTHER_SITES: ReadonlySet<string> = new Set(['cross-site', 'same-site'])

/** Headers that only a proxy adds: such a request comes from elsewhere, even where the socket is local. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  if (headers.forwarded !== undefined || headers.via !== undefined || headers['x-real-ip'] !== undefined) return true
  for (const name in headers) if (name.startsWith('x-forwarded-')) return true
  return false
}

/** Whether a page elsewhere made a browser send this, which could change something here. */
export function isForeign(method: string, headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  if (SAFE_METHODS.has(method)) return false
  const { origin } = headers
  if (origin !== undefined) return !isOwnOrigin(origin, headers.host) && !allowed.includes(origin)
  return OTHER_SITES.has(String(headers['sec-fetch-site'] ?? ''))
}

// The scheme may differ where a proxy ends TLS; name and port may not.
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false
  const url = new URL(origin)
  const own = `${url.protocol}//${host}/`
  return URL.canParse(own) && new URL(own).host === url.host
}

/** CORS headers for a page of an allowed origin; null where CORS has no part in it. */
export function corsHeaders(origin: string | undefined, allowed: readonly string[]): Record<string, string> | null {
  if (origin === undefined || !allowed.includes(origin)) return null
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'content-disposition, location, retry-after, x-request-id',
    vary: 'origin',
  }
}

export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, x-request-id',
  'access-control-max-age': '600',
}
