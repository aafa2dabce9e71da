// The posts behind a number: a sheet over the page, with its own address.
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PostFilter } from '../../api/paths.ts'
import { type PostOrder, type Scoring, SENTIMENTS } from '../../api/types.ts'
import { useDelayed } from '../../app/hooks.ts'
import { formatRoute } from '../../app/route.ts'
import { Notice } from '../../components/notice.tsx'
import { Post } from '../../components/post.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { countPosts, describeFilter } from '../../sentence/posts.ts'
import { SHAPES, WORDS } from '../../sentence/verdict.ts'
import { type PostPages, usePosts } from './use-posts.ts'

export function PostSheet({ scoring, filter }: { scoring: Scoring; filter: PostFilter }): VNode {
  const dialog = useRef<HTMLDialogElement | null>(null)
  const [order, setOrder] = useState<PostOrder>('strongest')
  const pages = usePosts(scoring.id, filter, order)
  useModal(dialog)

  function go(posts: PostFilter | null): void {
    location.replace(formatRoute({ view: 'scoring', id: scoring.id, posts }))
  }

  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-heading" onClose={() => go(null)}>
      <div class="sheet-inner">
        <header class="sheet-head">
          <h2 id="sheet-heading">{describeFilter(filter, scoring.summary)}</h2>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        <div class="sheet-tools">
          <LabelChoice filter={filter} onChange={go} />
          <label class="order">
            <span>Order</span>
            <select class="field" onChange={(event) => setOrder(event.currentTarget.value as PostOrder)}>
              <option value="strongest" selected={order === 'strongest'}>
                Surest first
              </option>
              <option value="file" selected={order === 'file'}>
                As in the file
              </option>
            </select>
          </label>
        </div>
        {order === 'strongest' && <p class="quiet">A text that comes several times is shown once.</p>}
        <PostList pages={pages} total={countPosts(filter, scoring.summary)} />
      </div>
    </dialog>
  )
}

/** Opens the dialog above the page; a click beside it closes it, as Escape does. */
function useModal(dialog: { current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const element = dialog.current
    if (element === null) return
    const closeBeside = (event: Event): void => {
      if (event.target === element) element.close()
    }
    element.showModal()
    element.addEventListener('click', closeBeside)
    return () => element.removeEventListener('click', closeBeside)
  }, [dialog])
}

function LabelChoice({ filter, onChange }: { filter: PostFilter; onChange: (filter: PostFilter) => void }): VNode {
  return (
    <fieldset class="choice">
      <legend class="unseen">Sentiment</legend>
      {[null, ...SENTIMENTS].map((label) => (
        <label key={label} class={filter.label === label ? 'is-on' : ''}>
          <input
            type="radio"
            name="label"
            class="unseen"
            checked={filter.label === label}
            onChange={() => onChange({ ...filter, label })}
          />
          {label !== null && (
            <span class={`mark-shape is-${label}`} aria-hidden="true">
              {SHAPES[label]}
            </span>
          )}
          {label === null ? 'All' : WORDS[label]}
        </label>
      ))}
    </fieldset>
  )
}

function PostList({ pages, total }: { pages: PostPages; total: number | null }): VNode {
  const { posts, more, loading, error } = pages
  const waiting = useDelayed(loading)
  return (
    <div class="sheet-posts" aria-busy={loading}>
      {posts.map((post) => (
        <Post key={post.line} post={post} />
      ))}
      {!loading && error === null && posts.length === 0 && (
        <p class="quiet">{total === 0 ? 'No post of this kind.' : 'No post here.'}</p>
      )}
      {waiting && <Skeleton lines={posts.length === 0 ? 6 : 2} name="Loading posts" />}
      {error !== null && (
        <Notice error={error} meaning="These are not all the posts.">
          <button type="button" class="button" onClick={pages.load}>
            Try again
          </button>
        </Notice>
      )}
      {more && error === null && (
        <button type="button" class="button" disabled={loading} onClick={pages.load}>
          Show more
        </button>
      )}
    </div>
  )
}
