// The answer: the sentence, the chart, the split, the posts, what was left out.
import type { VNode } from 'preact'
import { resultsPath } from '../../api/paths.ts'
import type { Scoring, ScoringSummary } from '../../api/types.ts'
import { formatRoute } from '../../app/route.ts'
import { TimelineChart } from '../../chart/timeline-chart.tsx'
import { describeRows } from '../../sentence/progress.ts'
import { describeSummary, titleOfChart, whyNoChart } from '../../sentence/summary.ts'
import { Rejects } from './rejects.tsx'
import { SplitSection } from './split-section.tsx'
import { StrongestPosts } from './strongest-posts.tsx'

export function AnswerView({ scoring }: { scoring: Scoring }): VNode {
  const { summary } = scoring
  if (summary === null) return <p class="lead">There are no numbers for this file.</p>
  const { headline, details } = describeSummary(summary)
  return (
    <>
      <section class="answer" aria-label="The answer">
        <p class="answer-headline" role="status">
          {headline}
        </p>
        {details.map((sentence) => (
          <p key={sentence} class="answer-detail">
            {sentence}
          </p>
        ))}
        <p class="answer-facts quiet">
          <span>{describeRows(scoring.progress)}.</span> <Downloads id={scoring.id} />
        </p>
      </section>
      {summary.scored > 0 && <Evidence scoring={scoring} summary={summary} />}
      <Rejects scoring={scoring} />
    </>
  )
}

function Evidence({ scoring, summary }: { scoring: Scoring; summary: ScoringSummary }): VNode {
  return (
    <>
      <TimelineSection scoring={scoring} summary={summary} />
      <SplitSection id={scoring.id} summary={summary} />
      <StrongestPosts id={scoring.id} summary={summary} />
    </>
  )
}

function TimelineSection({ scoring, summary }: { scoring: Scoring; summary: ScoringSummary }): VNode {
  const { timeline } = summary
  const reason = whyNoChart(summary, scoring.mapping?.date != null)
  if (timeline === null || reason !== null) return <p class="no-chart quiet">{reason}</p>
  return (
    <TimelineChart
      title={titleOfChart(summary)}
      timeline={timeline}
      scored={summary.scored}
      onOpen={(from, to) => {
        location.hash = formatRoute({ view: 'scoring', id: scoring.id, posts: { label: null, from, to } })
      }}
    />
  )
}

function Downloads({ id }: { id: string }): VNode {
  return (
    <span class="downloads">
      Download the scored file:{' '}
      <a href={resultsPath(id, 'csv')} download aria-label="Download the scored file as CSV">
        CSV
      </a>{' '}
      <a href={resultsPath(id, 'jsonl')} download aria-label="Download the scored file as JSON Lines">
        JSON Lines
      </a>
    </span>
  )
}
