// One scoring as it stands now: read once, then followed by events until it is final.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { type ApiError, asApiError, isAbort } from '../../api/errors.ts'
import { followScoring } from '../../api/events.ts'
import { cancelPath, eventsPath, scoringPath, startPath } from '../../api/paths.ts'
import type { ColumnMapping, Scoring } from '../../api/types.ts'
import { useOnline, useServices } from '../../app/context.tsx'

export interface ScoringState {
  readonly scoring: Scoring | null
  /** With a scoring: what is shown may be out of date. */
  readonly error: ApiError | null
  /** When this page first saw it run, on the clock of `performance.now()`. */
  readonly runningSince: number | null
  start(columns: ColumnMapping): Promise<void>
  /** Stops it; what is scored stays. */
  cancel(): Promise<void>
  remove(): Promise<void>
}

export function useScoring(id: string): ScoringState {
  const { api, connection } = useServices()
  const online = useOnline()
  const [scoring, setScoring] = useState<Scoring | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const runningSince = useRef<number | null>(null)
  const active = scoring?.status === 'queued' || scoring?.status === 'running'
  if (scoring?.status === 'running' && runningSince.current === null) runningSince.current = performance.now()

  const update = useCallback((next: Scoring) => {
    setError(null)
    setScoring((old) => merge(old, next))
  }, [])

  const read = useCallback(
    (signal?: AbortSignal) =>
      api.get<Scoring>(scoringPath(id), signal).then(update, (reason: unknown) => {
        if (!isAbort(reason)) setError(asApiError(reason))
      }),
    [api, id, update],
  )

  // A server that is back is asked again
  useEffect(() => {
    const controller = new AbortController()
    void read(controller.signal)
    return () => controller.abort()
  }, [read, online])

  useEffect(() => {
    if (!active) return
    return followScoring(eventsPath(id), {
      update,
      connected: (ok) => connection.report(ok),
      refused: () => void read(),
    })
  }, [active, id, read, update, connection])

  return {
    scoring,
    error,
    runningSince: runningSince.current,
    start: async (columns) => {
      const next = await api.post<Scoring | undefined>(startPath(id), { columns })
      if (next === undefined) await read()
      else update(next)
    },
    cancel: async () => update(await api.post<Scoring>(cancelPath(id))),
    remove: () => api.remove(scoringPath(id)),
  }
}

/** Events leave out the first rows; a late event never takes back a final state. */
function merge(old: Scoring | null, next: Scoring): Scoring {
  if (old === null) return next
  const final = old.status === 'done' || old.status === 'failed' || old.status === 'cancelled'
  if (final && (next.status === 'running' || next.status === 'queued')) return old
  const preview = next.preview ?? old.preview
  return preview === undefined ? next : { ...next, preview }
}
