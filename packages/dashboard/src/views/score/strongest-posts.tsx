// The posts that the model is surest about, side by side for each sentiment.
import type { VNode } from 'preact'
import { type ScoringSummary, SENTIMENTS, type Sentiment } from '../../api/types.ts'
import { formatRoute } from '../../app/route.ts'
import { Mark } from '../../components/mark.tsx'
import { Post } from '../../components/post.tsx'
import { formatCount } from '../../format/number.ts'

const SHOWN = 3

export function StrongestPosts({ id, summary }: { id: string; summary: ScoringSummary }): VNode {
  return (
    <section class="block" aria-labelledby="strongest-heading">
      <h2 id="strongest-heading">The clearest posts of each kind</h2>
      <p class="quiet">Those the model is surest about; a text that comes several times is shown once.</p>
      <div class="strongest">
        {SENTIMENTS.map((label) => (
          <Column key={label} id={id} label={label} summary={summary} />
        ))}
      </div>
    </section>
  )
}

function Column({ id, label, summary }: { id: string; label: Sentiment; summary: ScoringSummary }): VNode {
  const posts = summary.strongest[label].slice(0, SHOWN)
  const total = summary.split[label].n
  return (
    <section class="strongest-column" aria-labelledby={`strongest-${label}`}>
      <h3 id={`strongest-${label}`}>
        <Mark label={label} />
      </h3>
      {posts.length === 0 && <p class="quiet">No {label} post.</p>}
      {posts.map((post) => (
        <Post key={post.line} post={post} />
      ))}
      {total > posts.length && (
        <a class="more" href={formatRoute({ view: 'scoring', id, posts: { label, from: null, to: null } })}>
          {`All ${formatCount(total)} ${label} posts`}
        </a>
      )}
    </section>
  )
}
