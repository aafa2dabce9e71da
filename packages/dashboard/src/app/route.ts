// The page's own addresses: what stands after the # and what it means.
import type { PostFilter } from '../api/paths.ts'
import { SENTIMENTS } from '../api/types.ts'

export type Route =
  | { readonly view: 'try' }
  | { readonly view: 'score' }
  | { readonly view: 'scoring'; readonly id: string; readonly posts: PostFilter | null }
  | { readonly view: 'model' }
  | { readonly view: 'unknown' }

/** Reads `#/score/abc?posts&label=negative&from=…&to=…`; an empty hash is the first view. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2)
  const [, first = '', second, ...rest] = path.split('/')
  if (rest.length > 0) return { view: 'unknown' }
  if (first === 'score' && second !== undefined && second !== '') {
    return { view: 'scoring', id: decode(second), posts: parseFilter(query) }
  }
  if (first === '' || first === 'try') return { view: 'try' }
  if (first === 'score' || first === 'model') return { view: first }
  return { view: 'unknown' }
}

/** The address of a route, with its leading #. */
export function formatRoute(route: Route): string {
  if (route.view !== 'scoring') return route.view === 'unknown' ? '#/' : `#/${route.view}`
  const base = `#/score/${encodeURIComponent(route.id)}`
  if (route.posts === null) return base
  const query = new URLSearchParams({ posts: '' })
  for (const key of ['label', 'from', 'to'] as const) {
    const value = route.posts[key]
    if (value !== null) query.set(key, value)
  }
  return `${base}?${query}`
}

function parseFilter(query: string): PostFilter | null {
  const params = new URLSearchParams(query)
  if (!params.has('posts')) return null
  const label = params.get('label')
  return {
    label: SENTIMENTS.find((sentiment) => sentiment === label) ?? null,
    from: params.get('from'),
    to: params.get('to'),
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
