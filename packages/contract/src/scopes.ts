// What an API key may do. `write` and `deploy` include reading, `admin` everything.
export const SCOPES = ['read', 'write', 'deploy', 'admin'] as const

export type Scope = (typeof SCOPES)[number]
