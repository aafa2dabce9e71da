// For tests: a collector of traces on a free port, which reads OTLP over HTTP as JSON and keeps what came.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** As OTLP writes it. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly status?: { readonly code: number }
}

interface Received {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: ReceivedSpan['attributes'] }
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[]
  }[]
}

export interface Collector {
  readonly url: string
  /** Statuses that the next requests are answered with, 0 for no answer; 200 once there are none. */
  readonly answers: number[]
  readonly requests: {
    readonly path: string
    readonly type: string | undefined
    readonly authorization: string | undefined
    readonly spans: number
  }[]
  readonly spans: ReceivedSpan[]
  readonly resources: ReceivedSpan['attributes'][]
  close(): Promise<void>
}

export async function startCollector(): Promise<Collector> {
  const answers: number[] = []
  const requests: Collector['requests'] = []
  const spans: ReceivedSpan[] = []
  const resources: ReceivedSpan['attributes'][] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const status = answers.shift() ?? 200
      const { resourceSpans } = JSON.parse(body) as Received
      const received = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
      const { 'content-type': type, authorization } = request.headers
      requests.push({ path: request.url ?? '', type, authorization, spans: received.length })
      if (status === 200) {
        spans.push(...received)
        resources.push(...resourceSpans.map(({ resource }) => resource.attributes))
      }
      if (status !== 0) response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    requests,
    spans,
    resources,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
