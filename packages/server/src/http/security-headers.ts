// Headers that tell a browser what a response may do.

const EVERYWHERE = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** For data: nothing in it may run or be embedded, and nobody keeps a copy. */
export const DATA_HEADERS: Readonly<Record<string, string>> = {
  ...EVERYWHERE,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

const PAGE_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "script-src 'self'",
]

/** For the page: only its own files, nothing inline. */
export const PAGE_POLICY_HEADER: string = [...PAGE_POLICY, "style-src 'self'"].join('; ')

/** For Swagger UI, which writes style attributes. */
export const DOCS_POLICY_HEADER: string = [...PAGE_POLICY, "style-src 'self' 'unsafe-inline'"].join('; ')

/** Over https: come back over https only. */
export const HTTPS_HEADERS: Readonly<Record<string, string>> = { 'strict-transport-security': 'max-age=31536000' }
