// What an API key may do. `write` includes reading, `admin` everything.
export const SCOPES = ['read', 'write', 'admin'] as const

export type Scope = (typeof SCOPES)[number]
