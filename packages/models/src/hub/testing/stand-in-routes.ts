// Which repository, revision and file an address of the Hub names.
import type { RepositoryType } from '../repository.ts'

export interface Route {
  readonly type: RepositoryType
  readonly name: string
  readonly what: 'revision' | 'tree' | 'resolve' | 'refs'
  readonly revision: string
  readonly path: string
}

const API =
  /^\/api\/(model|dataset)s\/(?<name>[^/]+(?:\/[^/]+)??)(?:\/(?<what>revision|tree|refs)(?:\/(?<revision>[^/]+)(?:\/(?<path>.+))?)?)?$/
const RESOLVE = /^\/(?<kind>datasets\/)?(?<name>[^/]+(?:\/[^/]+)?)\/resolve\/(?<revision>[^/]+)\/(?<path>.+)$/

export function readRoute(url: string): Route | null {
  const [path = ''] = url.split('?')
  const api = API.exec(path)
  if (api?.groups !== undefined) {
    const { name = '', what = 'revision', revision = 'main', path: folder = '' } = api.groups
    const type = api[1] as RepositoryType
    return {
      type,
      name,
      what: what as Route['what'],
      revision: decodeURIComponent(revision),
      path: decodeURIComponent(folder),
    }
  }
  const { groups } = RESOLVE.exec(path) ?? {}
  if (groups === undefined) return null
  const { kind, name = '', revision = '', path: file = '' } = groups
  return {
    type: kind === undefined ? 'model' : 'dataset',
    name,
    what: 'resolve',
    revision: decodeURIComponent(revision),
    path: decodeURIComponent(file),
  }
}
