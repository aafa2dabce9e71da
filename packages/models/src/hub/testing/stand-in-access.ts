// Whom the stand-in lets in, and how it says no.
import type { ServerResponse } from 'node:http'
import { sendError } from './stand-in-api.ts'
import type { StandInRepository } from './stand-in-repositories.ts'
import type { Route } from './stand-in-routes.ts'

export interface AccessOptions {
  /** The token that is known; it may see private repositories. */
  readonly token?: string
  /** Another one that may see the same, and change nothing. */
  readonly readToken?: string
  /** Whether that token's owner has accepted the terms of gated repositories; yes unless given. */
  readonly hasAccepted?: boolean
}

export interface Refusal {
  readonly status: number
  readonly code: string | null
  readonly message: string
}

const NO_SUCH: Refusal = { status: 404, code: 'RepoNotFound', message: 'Repository not found' }
/** The Hub doesn't tell a stranger whether a repository is missing or private. */
const NO_STRANGER: Refusal = { status: 401, code: 'RepoNotFound', message: 'Invalid username or password.' }
const WRONG_TOKEN: Refusal = { status: 401, code: null, message: 'Invalid credentials in Authorization header' }

/** Null for those who may. */
export function refuseAccess(
  options: AccessOptions,
  authorization: string | undefined,
  repository: StandInRepository | undefined,
  route: Route,
): Refusal | null {
  const { hasAccepted = true } = options
  const isKnown = readRole(options, authorization) !== 'stranger'
  if (authorization !== undefined && !isKnown) return WRONG_TOKEN
  if (repository === undefined || (repository.isPrivate && !isKnown)) return isKnown ? NO_SUCH : NO_STRANGER
  if (!repository.isGated || route.what !== 'resolve' || (isKnown && hasAccepted)) return null
  const message = `Access to ${route.type} ${route.name} is restricted. You must have access to it and be authenticated.`
  return { status: isKnown ? 403 : 401, code: 'GatedRepo', message }
}

/** What the credentials allow. */
export function readRole(
  { token, readToken }: AccessOptions,
  authorization: string | undefined,
): 'stranger' | 'read' | 'write' {
  const given = authorization?.replace(/^Bearer /, '')
  if (given === undefined || given === '') return 'stranger'
  if (given === token) return 'write'
  return given === readToken ? 'read' : 'stranger'
}

export function sendRefusal(response: ServerResponse, refusal: Refusal | null): void {
  const { status, code, message } = refusal ?? NO_SUCH
  sendError(response, status, code, message)
}
