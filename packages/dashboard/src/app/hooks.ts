// Small hooks that several views share.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { type ApiError, asApiError, isAbort } from '../api/errors.ts'
import { useOnline, useServices, useVisit } from './context.tsx'
import { parseRoute, type Route } from './route.ts'

/** True once `waiting` has lasted 200 ms: what is quick shows no skeleton. */
export function useDelayed(waiting: boolean, ms: number = 200): boolean {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!waiting) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), ms)
    return () => clearTimeout(timer)
  }, [waiting, ms])
  return shown && waiting
}

export interface Place {
  readonly route: Route
  /** False until the visitor has gone from one view to another. */
  readonly moved: boolean
}

export function usePlace(): Place {
  const [place, setPlace] = useState<Place>(() => ({ route: parseRoute(location.hash), moved: false }))
  useEffect(() => {
    const read = (): void => setPlace({ route: parseRoute(location.hash), moved: true })
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  return place
}

export interface Resource<T> {
  readonly data: T | null
  /** With data: the data is old. */
  readonly error: ApiError | null
  readonly loading: boolean
  reload(): void
}

/** Reads a path, again when it changes, when asked to, and when the server is back. */
export function useResource<T>(path: string): Resource<T> {
  const { api } = useServices()
  const online = useOnline()
  const [state, setState] = useState<{ path: string; data: T | null; error: ApiError | null; loading: boolean }>({
    path,
    data: null,
    error: null,
    loading: true,
  })
  const [round, setRound] = useState(0)
  const reload = useCallback(() => setRound((value) => value + 1), [])
  // A new round or a server that is back reads again
  useEffect(() => {
    const controller = new AbortController()
    setState((old) =>
      old.path === path ? { ...old, loading: true } : { path, data: null, error: null, loading: true },
    )
    api.get<T>(path, controller.signal).then(
      (data) => setState({ path, data, error: null, loading: false }),
      (error: unknown) => {
        if (isAbort(error)) return
        setState((old) => ({ ...old, error: asApiError(error), loading: false }))
      },
    )
    return () => controller.abort()
  }, [api, path, round, online])
  return { ...state, reload }
}

/** A resource that is read again every few seconds while somebody looks. */
export function useFresh<T>(path: string, everyMs: number): Resource<T> {
  const resource = useResource<T>(path)
  const { reload } = resource
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), everyMs)
    return () => clearInterval(timer)
  }, [reload, everyMs])
  return resource
}

export interface Action {
  readonly busy: boolean
  readonly error: ApiError | null
  run(action: () => Promise<void>): void
}

/** One action at a time, its failure kept to show. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  function run(action: () => Promise<void>): void {
    setBusy(true)
    setError(null)
    action().then(
      () => setBusy(false),
      (reason: unknown) => {
        setBusy(false)
        setError(asApiError(reason))
      },
    )
  }
  return { busy, error, run }
}

/** Whether this visitor may move models. */
export function useMayDeploy(): boolean {
  return useVisit().session?.scopes.includes('deploy') === true
}

/** Runs when a value that was known becomes another. */
export function useOnChange(value: string | undefined, run: () => void): void {
  const known = useRef(value)
  useEffect(() => {
    if (known.current !== undefined && value !== undefined && known.current !== value) run()
    known.current = value ?? known.current
  }, [value])
}

/** The current time, renewed every half minute so that "3 min ago" stays true. */
export function useNow(): Date {
  const { now } = useServices()
  const [time, setTime] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 30_000)
    return () => clearInterval(timer)
  }, [now])
  return time
}

/** Moves the focus to the heading of a view that the visitor went to, so that a screen reader starts there. */
export function useHeadingFocus(title: string): { current: HTMLHeadingElement | null } {
  const { moved } = useVisit()
  const heading = useRef<HTMLHeadingElement | null>(null)
  useEffect(() => {
    document.title = `${title} · Renown`
  }, [title])
  // Once, when the view opens.
  useEffect(() => {
    if (moved) heading.current?.focus({ preventScroll: true })
  }, [])
  return heading
}
