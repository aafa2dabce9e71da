// Headers that tell a browser what a response may do. Made by helmet, once: @fastify/helmet makes them anew for each request
// (about 5 µs), and what is refused on the bare socket passes no hook of Fastify.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'

type Headers = Readonly<Record<string, string>>

const NONE = ["'none'"]
const OWN = ["'self'"]

/** For data: nothing in it may run or be embedded, and nobody keeps a copy. */
export const DATA_HEADERS: Headers = {
  ...render(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: NONE, frameAncestors: NONE } },
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
      // For documents that embed or link others, and browsers of old; each costs /predict as much as one that matters.
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
  ),
  'cache-control': 'no-store',
}

/** For the page: only its own files, nothing inline. */
export const PAGE_POLICY_HEADER: string = renderPolicy(OWN)

/** For Swagger UI, which writes style attributes. */
export const DOCS_POLICY_HEADER: string = renderPolicy([...OWN, "'unsafe-inline'"])

/** For a report that came with a model, so from anywhere: a document alone, which can run, send and load nothing. */
export const REPORT_POLICY_HEADER: string = policy({
  sandbox: [],
  defaultSrc: NONE,
  baseUri: NONE,
  formAction: NONE,
  frameAncestors: NONE,
  imgSrc: ['data:'],
  styleSrc: ["'unsafe-inline'"],
})

/** Over https: come back over https only. */
export const HTTPS_HEADERS: Headers = render(
  helmet.strictTransportSecurity({ maxAge: 31_536_000, includeSubDomains: false }),
)

function renderPolicy(styleSrc: string[]): string {
  return policy({
    defaultSrc: NONE,
    baseUri: NONE,
    connectSrc: OWN,
    fontSrc: OWN,
    formAction: OWN,
    frameAncestors: NONE,
    imgSrc: [...OWN, 'data:'],
    manifestSrc: OWN,
    scriptSrc: OWN,
    styleSrc,
  })
}

function policy(directives: Readonly<Record<string, string[]>>): string {
  const headers = render(helmet.contentSecurityPolicy({ useDefaults: false, directives: { ...directives } }))
  return headers['content-security-policy'] ?? ''
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** What a middleware sets. */
function render(middleware: Middleware): Headers {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  middleware(request, response, (error) => {
    if (error !== undefined) throw error
  })
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]))
}
