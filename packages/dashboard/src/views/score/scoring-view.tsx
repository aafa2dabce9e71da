// One scoring: choose columns, watch it run, read the answer.
import type { VNode } from 'preact'
import type { PostFilter } from '../../api/paths.ts'
import type { Scoring } from '../../api/types.ts'
import { useDelayed } from '../../app/hooks.ts'
import { Heading } from '../../components/heading.tsx'
import { Notice } from '../../components/notice.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { formatBytes } from '../../format/number.ts'
import { AnswerView } from './answer-view.tsx'
import { ColumnForm } from './column-form.tsx'
import { PostSheet } from './post-sheet.tsx'
import { RunningView } from './running-view.tsx'
import { type ScoringState, useScoring } from './use-scoring.ts'

export function ScoringView({ id, posts }: { id: string; posts: PostFilter | null }): VNode {
  const state = useScoring(id)
  const { scoring, error } = state
  const waiting = useDelayed(scoring === null && error === null)
  return (
    <>
      <p class="crumb">
        <a href="#/score">Score another file</a>
      </p>
      {scoring === null && error === null && <Heading title="Score a file">File</Heading>}
      {waiting && <Skeleton lines={8} name="Loading the scoring" />}
      {scoring === null && error !== null && (
        <>
          <Heading title="Score a file" />
          <Notice error={error} />
        </>
      )}
      {scoring !== null && <Known state={state} scoring={scoring} />}
      {scoring !== null && posts !== null && <PostSheet scoring={scoring} filter={posts} />}
    </>
  )
}

function Known({ state, scoring }: { state: ScoringState; scoring: Scoring }): VNode {
  return (
    <>
      <Heading title={scoring.file.name}>
        <bdi class="file-name">{scoring.file.name}</bdi>
      </Heading>
      <p class="quiet file-facts">{describeFile(scoring)}</p>
      {state.error !== null && <Notice error={state.error} meaning="What you see may be out of date." />}
      <Body state={state} scoring={scoring} />
    </>
  )
}

function Body({ state, scoring }: { state: ScoringState; scoring: Scoring }): VNode {
  switch (scoring.status) {
    case 'ready':
      return <ColumnForm scoring={scoring} onStart={state.start} onRemove={() => removeAndLeave(state)} />
    case 'queued':
    case 'running':
      return <RunningView scoring={scoring} since={state.runningSince} onCancel={state.cancel} />
    case 'done':
      return <AnswerView scoring={scoring} />
    case 'failed':
    case 'cancelled':
      return <Ended scoring={scoring} />
  }
}

/** What was scored until the end is still worth reading. */
function Ended({ scoring }: { scoring: Scoring }): VNode {
  return (
    <>
      {scoring.problem !== null && (
        <Notice error={{ ...scoring.problem, request: null }} meaning={describeKept(scoring)}>
          <a class="button" href="#/score">
            Score another file
          </a>
        </Notice>
      )}
      {scoring.status === 'cancelled' && scoring.problem === null && (
        <p class="lead">You cancelled this scoring. {describeKept(scoring)}</p>
      )}
      {scoring.summary !== null && scoring.summary.scored > 0 && <AnswerView scoring={scoring} />}
    </>
  )
}

function describeKept(scoring: Scoring): string {
  return (scoring.summary?.scored ?? 0) > 0
    ? 'The numbers below cover only the rows that were scored until then.'
    : 'There are no numbers.'
}

async function removeAndLeave(state: ScoringState): Promise<void> {
  await state.remove()
  location.hash = '#/score'
}

function describeFile({ file }: Scoring): string {
  const format = { csv: 'CSV', tsv: 'TSV', json: 'JSON', jsonl: 'JSON Lines', parquet: 'Parquet', txt: 'plain text' }[
    file.format
  ]
  const parts = [file.gzip ? `${format}, gzip` : format, formatBytes(file.bytes)]
  if (file.encoding !== null && file.encoding.toLowerCase() !== 'utf-8') parts.push(file.encoding)
  return parts.join(' · ')
}
