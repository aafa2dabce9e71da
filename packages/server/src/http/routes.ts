// What a route says of itself: who may call it, what it answers, which errors it can end in.
import {
  API_ERROR_CODES,
  type ApiErrorCode,
  type Component,
  exampleProblem,
  PROBLEM_CONTENT_TYPE,
  ProblemSchema,
} from '@renown/contract'
import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import type { RouteAccess } from './access.ts'

/** Errors that any route can end in. */
const COMMON = [
  'INVALID_REQUEST',
  'KEY_REQUIRED',
  'KEY_INVALID',
  'SCOPE_MISSING',
  'METHOD_NOT_ALLOWED',
  'URL_TOO_LONG',
  'HOST_REFUSED',
  'RATE_LIMITED',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
  'SHUTTING_DOWN',
] as const satisfies readonly ApiErrorCode[]

/** Errors that any route with a body can end in besides. */
const WITH_BODY = [
  'INVALID_JSON',
  'ORIGIN_REFUSED',
  'REQUEST_TIMEOUT',
  'BODY_TOO_LARGE',
  'CONTENT_TYPE_UNSUPPORTED',
  'EXPECTATION_FAILED',
  'VALIDATION_FAILED',
  'DEADLINE_EXCEEDED',
] as const satisfies readonly ApiErrorCode[]

interface ResponseSchema {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Readonly<Record<string, object>>
}

export type ResponseSchemas = Readonly<Record<number, object>>

/** Responses for the schema of a route: each status with every code that has it, each with an example. */
export function problems(...codes: readonly ApiErrorCode[]): ResponseSchemas {
  const byStatus = new Map<number, ApiErrorCode[]>()
  for (const code of new Set<ApiErrorCode>([...codes, ...COMMON])) {
    const { status } = API_ERROR_CODES[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const responses = [...byStatus].sort(([a], [b]) => a - b).map(([status, list]) => [status, describe(status, list)])
  return Object.fromEntries(responses)
}

export function bodyProblems(...codes: readonly ApiErrorCode[]): ResponseSchemas {
  return problems(...codes, ...WITH_BODY)
}

function describe(status: number, codes: readonly ApiErrorCode[]): ResponseSchema {
  const lines = codes.map((code) => `\`${code}\`: ${API_ERROR_CODES[code].title}.`)
  const examples = Object.fromEntries(codes.map((code) => [code, { value: exampleProblem(code) }]))
  const content = { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: `${ProblemSchema.$id}#` }, examples } }
  return { description: lines.join(' '), ...headersFor(status), content }
}

function headersFor(status: number): Pick<ResponseSchema, 'headers'> {
  if (status === 429) {
    return { headers: { 'Retry-After': { type: 'integer', description: 'Seconds until it is worth trying again.' } } }
  }
  if (status === 405) return { headers: { Allow: { type: 'string', description: 'The methods that are answered.' } } }
  return {}
}

/** The body of a success. */
export function answer(component: Component<unknown>, description: string): object {
  return { description, content: { 'application/json': { schema: { $ref: `${component.$id}#` } } } }
}

export function noContent(description: string): object {
  return { type: 'null', description }
}

/** A body that is a file or a stream. */
export function file(description: string, ...types: readonly string[]): object {
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }])) }
}

export interface RouteConfig extends FastifyContextConfig {
  readonly access: RouteAccess
}

/** For the `config` of a route. */
export function needs(access: RouteAccess): RouteConfig {
  return { access }
}

/** What the request's route asks for; an unknown address or a plugin's own page: `read`. */
export function accessOf(request: FastifyRequest): RouteAccess {
  const config: unknown = request.routeOptions.config
  return hasAccess(config) ? config.access : 'read'
}

function hasAccess(config: unknown): config is RouteConfig {
  return typeof config === 'object' && config !== null && 'access' in config
}
