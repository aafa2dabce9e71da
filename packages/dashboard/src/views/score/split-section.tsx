// The split into three: one bar, then count, share and interval of each; a click leads to the posts.
import type { VNode } from 'preact'
import { type ScoringSummary, SENTIMENTS, type Sentiment, type SentimentSplit } from '../../api/types.ts'
import { formatRoute } from '../../app/route.ts'
import { Mark, SplitBar } from '../../components/mark.tsx'
import { formatCount, formatShare, formatShareRange } from '../../format/number.ts'

interface Props {
  readonly id: string
  readonly summary: ScoringSummary
}

export function SplitSection({ id, summary }: Props): VNode {
  const { split, scored, too_few: few } = summary
  const shares = { negative: split.negative.share, neutral: split.neutral.share, positive: split.positive.share }
  return (
    <section class="block" aria-labelledby="split-heading">
      <h2 id="split-heading">How the posts split</h2>
      <p class="quiet">
        n = {formatCount(scored)}
        {few ? '; too few for percentages.' : '; each share with its 95% interval.'}
      </p>
      <SplitBar shares={shares} size="large" name="Split" />
      <ul class="split-list">
        {SENTIMENTS.map((label) => (
          <li key={label}>
            <a class="split-item" href={formatRoute({ view: 'scoring', id, posts: { label, from: null, to: null } })}>
              <Mark label={label} />
              <SplitFigures label={label} split={split} few={few} />
              <span class="split-more" aria-hidden="true">
                Read them
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function SplitFigures({ label, split, few }: { label: Sentiment; split: SentimentSplit; few: boolean }): VNode {
  const { n, share, low, high } = split[label]
  return (
    <>
      <span class="split-count figure">{few ? formatCount(n) : formatShare(share)}</span>
      <span class="quiet figure">
        {few ? (n === 1 ? 'post' : 'posts') : `${formatShareRange(low, high)} · ${formatCount(n)} posts`}
      </span>
    </>
  )
}
