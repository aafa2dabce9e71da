// What every view may use, handed down once from main.
import { type Context, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Api } from '../api/client.ts'
import type { Session } from '../api/types.ts'
import type { Connection } from './connection.ts'
import type { Theme } from './theme.ts'

export interface Services {
  readonly api: Api
  readonly connection: Connection
  readonly theme: Theme
  readonly now: () => Date
}

export interface Visit {
  readonly session: Session | null
  /** The visitor has gone from one view to another: the new one takes the focus. */
  readonly moved: boolean
  /** Texts tried since the page was opened, newest first. */
  readonly tries: readonly Try[]
  rememberTry(tried: Try): void
  logOut(): void
}

export interface Try {
  readonly text: string
  readonly label: 'negative' | 'neutral' | 'positive'
  readonly score: number
}

const ServicesContext: Context<Services | null> = createContext<Services | null>(null)
const VisitContext: Context<Visit | null> = createContext<Visit | null>(null)
export const ServicesProvider: typeof ServicesContext.Provider = ServicesContext.Provider
export const VisitProvider: typeof VisitContext.Provider = VisitContext.Provider

export function useServices(): Services {
  return required(useContext(ServicesContext))
}

export function useVisit(): Visit {
  return required(useContext(VisitContext))
}

export function useOnline(): boolean {
  const { connection } = useServices()
  const [online, setOnline] = useState(connection.isOnline())
  useEffect(() => connection.subscribe(setOnline), [connection])
  return online
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('This component stands outside of the page.')
  return value
}
