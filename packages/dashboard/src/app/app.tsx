// The page: who is visiting, which view is open, and the frame around it.
import type { VNode } from 'preact'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { type ApiError, asApiError } from '../api/errors.ts'
import { PATHS } from '../api/paths.ts'
import type { Session } from '../api/types.ts'
import { Notice } from '../components/notice.tsx'
import { LoginView } from '../views/login/login-view.tsx'
import { ModelView } from '../views/model/model-view.tsx'
import { ScoreView } from '../views/score/score-view.tsx'
import { ScoringView } from '../views/score/scoring-view.tsx'
import { addTry } from '../views/try/history.ts'
import { TryView } from '../views/try/try-view.tsx'
import {
  type Services,
  ServicesProvider,
  type Try,
  useOnline,
  useServices,
  type Visit,
  VisitProvider,
} from './context.tsx'
import { usePlace } from './hooks.ts'
import type { Route } from './route.ts'
import { TopBar } from './top-bar.tsx'
import { UnknownView } from './unknown-view.tsx'

interface AppProps {
  readonly services: Services
  onLoggedOut(listener: () => void): () => void
}

export function App({ services, onLoggedOut }: AppProps): VNode {
  return (
    <ServicesProvider value={services}>
      <Page onLoggedOut={onLoggedOut} />
    </ServicesProvider>
  )
}

function Page({ onLoggedOut }: Pick<AppProps, 'onLoggedOut'>): VNode {
  const { route, moved } = usePlace()
  const online = useOnline()
  const { session, error, ask, leave } = useSession(onLoggedOut)
  const [tries, setTries] = useState<readonly Try[]>([])
  const rememberTry = useCallback((tried: Try) => setTries((old) => addTry(old, tried)), [])
  const visit = useMemo<Visit>(
    () => ({ session, moved, tries, rememberTry, logOut: leave }),
    [session, moved, tries, rememberTry, leave],
  )
  const locked = session?.required === true && !session.authenticated
  return (
    <VisitProvider value={visit}>
      <TopBar route={route} locked={locked} />
      <main id="content" tabIndex={-1}>
        {session === null && error !== null && <Notice error={error} />}
        {session !== null && (locked ? <LoginView onLogin={ask} /> : <View key={keyOf(route)} route={route} />)}
      </main>
      <div class="connection" role="status">
        {!online && <p>The server does not answer. Trying again by itself.</p>}
      </div>
    </VisitProvider>
  )
}

interface SessionState {
  readonly session: Session | null
  readonly error: ApiError | null
  ask(): void
  leave(): void
}

function useSession(onLoggedOut: AppProps['onLoggedOut']): SessionState {
  const { api, connection } = useServices()
  const [session, setSession] = useState<Session | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const ask = useCallback(() => {
    api.get<Session>(PATHS.session).then(
      (next) => {
        setSession(next)
        setError(null)
      },
      (reason: unknown) => setError(asApiError(reason)),
    )
  }, [api])
  const leave = useCallback(() => {
    api.remove(PATHS.session).then(ask, ask)
  }, [api, ask])
  useEffect(ask, [ask])
  useEffect(() => connection.subscribe((online) => online && ask()), [connection, ask])
  useEffect(() => onLoggedOut(() => setSession((old) => lockedOut(old))), [onLoggedOut])
  return { session, error, ask, leave }
}

function lockedOut(old: Session | null): Session {
  return { scopes: old?.scopes ?? [], authenticated: false, required: true }
}

function View({ route }: { route: Route }): VNode {
  switch (route.view) {
    case 'try':
      return <TryView />
    case 'score':
      return <ScoreView />
    case 'scoring':
      return <ScoringView id={route.id} posts={route.posts} />
    case 'model':
      return <ModelView />
    case 'unknown':
      return <UnknownView />
  }
}

function keyOf(route: Route): string {
  return route.view === 'scoring' ? `scoring-${route.id}` : route.view
}
