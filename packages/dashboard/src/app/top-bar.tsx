// The bar at the top: name, the three views, colours, log out.
import type { VNode } from 'preact'
import { useVisit } from './context.tsx'
import type { Route } from './route.ts'
import { ThemeButton } from './theme-button.tsx'

const VIEWS = [
  { href: '#/try', name: 'Try it', views: ['try'] },
  { href: '#/score', name: 'Score a file', views: ['score', 'scoring'] },
  { href: '#/model', name: 'Model', views: ['model'] },
] as const

export function TopBar({ route, locked }: { route: Route; locked: boolean }): VNode {
  const { session, logOut } = useVisit()
  return (
    <header class="top">
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <div class="top-inner">
        <a class="brand" href="#/try">
          <BrandMark />
          Renown
        </a>
        {!locked && (
          <nav class="views" aria-label="Views">
            {VIEWS.map(({ href, name, views }) => (
              <a key={href} href={href} aria-current={isIn(views, route.view) ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
        )}
        <div class="top-end">
          {session?.required === true && session.authenticated && (
            <button type="button" class="link" onClick={logOut}>
              Log out
            </button>
          )}
          <ThemeButton />
        </div>
      </div>
    </header>
  )
}

function isIn(views: readonly string[], view: string): boolean {
  return views.includes(view)
}

function BrandMark(): VNode {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M4 21 12 13l6 5L28 7" />
      <path d="M4 27h24" />
    </svg>
  )
}
