// Starts the page: builds what every view uses, then renders.
import { render } from 'preact'
import { createApi } from './api/client.ts'
import { PATHS } from './api/paths.ts'
import { App } from './app/app.tsx'
import { createConnection } from './app/connection.ts'
import { createTheme } from './app/theme.ts'

const LOGGED_OUT = 'renown-logged-out'

function start(root: HTMLElement): void {
  const connection = createConnection(() => fetch(PATHS.live).then((response) => response.ok), {
    set: (run, ms) => setTimeout(run, ms),
    clear: (handle) => clearTimeout(handle as number),
  })
  addEventListener('offline', () => connection.report(false))
  const events = new EventTarget()
  const api = createApi((input, init) => fetch(input, init), {
    reached: (ok) => connection.report(ok),
    loggedOut: () => events.dispatchEvent(new Event(LOGGED_OUT)),
  })
  const theme = createTheme(document.documentElement, openStorage(), matchMedia('(prefers-color-scheme: dark)'))
  const onLoggedOut = (listener: () => void): (() => void) => {
    events.addEventListener(LOGGED_OUT, listener)
    return () => events.removeEventListener(LOGGED_OUT, listener)
  }
  render(<App services={{ api, connection, theme, now: () => new Date() }} onLoggedOut={onLoggedOut} />, root)
}

/** null where the browser forbids it. */
function openStorage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}

const root = document.getElementById('page')
if (root !== null) start(root)
