// For the tests of scorings: servers that end with the test, and the calls that all of them make.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scoring } from '@renown/contract'
import { type ListeningServer, multipart, openTestServer, type TestOptions } from '../test-support.ts'

const servers: ListeningServer[] = []
/** After each test. */
export async function closeAll(): Promise<void> {
  for (const server of servers.splice(0)) await server.close()
}

export async function open(options: TestOptions = {}): Promise<ListeningServer> {
  const server = await openTestServer(options)
  servers.push(server)
  return server
}

export const CSV: string = [
  'created_at,text,author',
  '2026-01-01,What a great day,ann',
  '2026-01-01,Another outage of yours,bob',
  '2026-01-02,The shop opens at nine,"o, c"',
  '2026-01-02,,dan',
  'nonsense,"A great, ""quoted"" joy',
  'of two lines",eve',
  '2026-01-03,=cmd()|great,fay',
  '',
].join('\n')

export interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly headers: Headers
}

export async function call<T>(
  server: ListeningServer,
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  type?: string,
): Promise<Answer<T>> {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  const response = await fetch(`${server.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '') && text !== ''
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
}

export interface ProblemBody {
  readonly code: string
  readonly errors?: readonly { readonly code: string }[]
}

export async function upload(
  server: ListeningServer,
  content: string | Buffer,
  options: { name?: string; fields?: Record<string, string>; query?: string } = {},
): Promise<Answer<Scoring & ProblemBody>> {
  const { payload, headers } = multipart(content, options.name, options.fields)
  return await call(
    server,
    'POST',
    `/api/v1/scorings${options.query ?? ''}`,
    new Uint8Array(payload),
    headers['content-type'],
  )
}

/** The scoring once it has ended. */
export async function finished(server: ListeningServer, id: string): Promise<Scoring> {
  for (;;) {
    const { body } = await call<Scoring>(server, 'GET', `/api/v1/scorings/${id}`)
    if (body.status === 'done' || body.status === 'failed' || body.status === 'cancelled') return body
    await sleep(50)
  }
}

export async function folders(server: ListeningServer): Promise<string[]> {
  return await readdir(join(server.home, 'scorings'))
}
