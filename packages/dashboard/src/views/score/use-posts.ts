// Pages of posts, one after the other; another filter or order starts again.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { type ApiError, asApiError, isAbort } from '../../api/errors.ts'
import { type PostFilter, postsPath } from '../../api/paths.ts'
import type { PostOrder, PostPage, ScoredPost } from '../../api/types.ts'
import { useServices } from '../../app/context.tsx'

export interface PostPages {
  readonly posts: readonly ScoredPost[]
  readonly more: boolean
  readonly loading: boolean
  readonly error: ApiError | null
  /** Loads the next page, or the one that failed. */
  load(): void
}

interface Loaded {
  readonly posts: readonly ScoredPost[]
  readonly next: string | null
}

const NOTHING: Loaded = { posts: [], next: null }

export function usePosts(id: string, { label, from, to }: PostFilter, order: PostOrder): PostPages {
  const { api } = useServices()
  const [loaded, setLoaded] = useState(NOTHING)
  const [loading, setLoading] = useState(true)
  const [error, setError] = useState<ApiError | null>(null)
  const controller = useRef<AbortController | null>(null)

  const fetchPage = useCallback(
    (before: Loaded) => {
      controller.current?.abort()
      const current = new AbortController()
      controller.current = current
      setLoading(true)
      setError(null)
      const path = postsPath(id, { label, from, to }, order, before.next)
      api.get<PostPage>(path, current.signal).then(
        (page) => {
          setLoaded({ posts: [...before.posts, ...page.posts], next: page.next })
          setLoading(false)
        },
        (reason: unknown) => {
          if (isAbort(reason)) return
          setError(asApiError(reason))
          setLoading(false)
        },
      )
    },
    [api, id, label, from, to, order],
  )

  useEffect(() => {
    setLoaded(NOTHING)
    fetchPage(NOTHING)
    return () => controller.current?.abort()
  }, [fetchPage])

  return { posts: loaded.posts, more: loaded.next !== null, loading, error, load: () => fetchPage(loaded) }
}
