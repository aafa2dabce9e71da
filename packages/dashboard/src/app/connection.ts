// Whether the server can be reached: learned from every request, and probed while it cannot.

const PROBE_MS = 2000

export interface Connection {
  isOnline(): boolean
  report(reached: boolean): void
  /** Returns a function that unsubscribes. */
  subscribe(listener: (online: boolean) => void): () => void
}

export interface Timer {
  set(run: () => void, ms: number): unknown
  clear(handle: unknown): void
}

/** `probe` answers whether the server is there now. */
export function createConnection(probe: () => Promise<boolean>, timer: Timer): Connection {
  const listeners = new Set<(online: boolean) => void>()
  let online = true
  let handle: unknown = null

  function change(next: boolean): void {
    if (next === online) return
    online = next
    for (const listener of listeners) listener(online)
    if (!online) schedule()
    else if (handle !== null) timer.clear(handle)
  }

  function schedule(): void {
    handle = timer.set(() => {
      probe().then(
        (reached) => (reached ? change(true) : schedule()),
        () => schedule(),
      )
    }, PROBE_MS)
  }

  return {
    isOnline: () => online,
    report: change,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
