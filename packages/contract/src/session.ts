// The page's login: a key is exchanged for a cookie.
import { Type } from 'typebox'
import { type Component, component, words } from './schema.ts'
import { SCOPES, type Scope } from './scopes.ts'

export interface SessionRequest {
  key: string
}

export interface Session {
  authenticated: boolean
  required: boolean
  scopes: Scope[]
}

export const SessionRequestSchema: Component<SessionRequest> = component<SessionRequest>()(
  'SessionRequest',
  Type.Object(
    { key: Type.String({ minLength: 1, maxLength: 200, description: 'An API key.', examples: ['rk_...'] }) },
    { description: 'Exchanges an API key for a session cookie.', examples: [{ key: 'rk_...' }] },
  ),
)

export const SessionSchema: Component<Session> = component<Session>()(
  'Session',
  Type.Object(
    {
      authenticated: Type.Boolean({ description: 'Whether this request carried a valid key or session.' }),
      required: Type.Boolean({ description: 'Whether this server asks for credentials.' }),
      scopes: Type.Array(words(SCOPES), { description: 'What this request may do.' }),
    },
    {
      description: 'Who is asking, and whether they need to say so.',
      examples: [{ authenticated: false, required: false, scopes: ['read', 'write', 'deploy', 'admin'] }],
    },
  ),
)
