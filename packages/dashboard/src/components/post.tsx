// One post: its text as text, folded after six lines, with its label and where it stands in the file.
import type { VNode } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ScoredPost } from '../api/types.ts'
import { formatCount, formatShare } from '../format/number.ts'
import { showControls } from '../format/text.ts'
import { formatMoment, formatPostDate } from '../format/time.ts'
import { Mark, SplitBar } from './mark.tsx'

export function Post({ post }: { post: ScoredPost }): VNode {
  return (
    <article class="post">
      <PostText text={post.text} />
      <footer class="post-foot">
        <span class="post-label">
          <Mark label={post.label} />
          <span class="figure">{formatShare(post.score)}</span>
          <SplitBar shares={post.scores} name="Probability" />
        </span>
        <PostOrigin post={post} />
      </footer>
    </article>
  )
}

function PostOrigin({ post }: { post: ScoredPost }): VNode {
  const date = post.date === null ? null : new Date(post.date)
  return (
    <span class="post-origin quiet">
      {post.author !== null && post.author !== '' && <bdi>{showControls(post.author)}</bdi>}
      {post.source !== null && post.source !== '' && <bdi>{showControls(post.source)}</bdi>}
      {date !== null && !Number.isNaN(date.getTime()) && (
        <time dateTime={date.toISOString()} title={formatMoment(date)}>
          {formatPostDate(date)}
        </time>
      )}
      <span>line {formatCount(post.line)}</span>
    </span>
  )
}

/** Folds to six lines; the button appears only where something is hidden. */
function PostText({ text }: { text: string }): VNode {
  const paragraph = useRef<HTMLParagraphElement | null>(null)
  const [open, setOpen] = useState(false)
  const [overflows, setOverflows] = useState(false)
  // Another text has another height
  useLayoutEffect(() => {
    const element = paragraph.current
    if (element !== null && !open) setOverflows(element.scrollHeight > element.clientHeight + 1)
  }, [text, open])
  return (
    <div>
      <p ref={paragraph} dir="auto" class={open ? 'post-text' : 'post-text is-folded'}>
        {showControls(text)}
      </p>
      {overflows && (
        <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : 'Show all of it'}
        </button>
      )}
    </div>
  )
}
