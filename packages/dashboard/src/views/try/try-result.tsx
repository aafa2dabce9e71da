// The label of the text, its three probabilities, and what it took; room for all of it from the start.
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { SENTIMENTS, type SentimentScores } from '../../api/types.ts'
import { useDelayed } from '../../app/hooks.ts'
import { Mark, SplitBar } from '../../components/mark.tsx'
import { Notice } from '../../components/notice.tsx'
import { formatShare } from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import { describeRetry } from '../../sentence/problems.ts'
import { describeCertainty, describeVerdict, describeWindows, SHAPES, WORDS } from '../../sentence/verdict.ts'
import type { Answered, TypingState } from './typing.ts'

interface Props {
  readonly state: TypingState
  readonly text: string
  onRetry(): void
}

export function TryResult({ state, text, onRetry }: Props): VNode {
  const waiting = useDelayed(state.pending)
  const { shown, error } = state
  const stale = shown !== null && (waiting || error !== null) && shown.text !== text
  return (
    <section class="card try-result" aria-label="What the model reads" aria-busy={state.pending}>
      {shown === null ? <Nothing waiting={waiting} /> : <Verdict shown={shown} stale={stale} />}
      {error !== null && (
        <Notice error={error} {...(stale ? { meaning: 'What you see above belongs to the text before.' } : {})}>
          {state.retryIn !== null ? (
            <Countdown seconds={state.retryIn} />
          ) : (
            <button type="button" class="button" onClick={onRetry}>
              Ask again
            </button>
          )}
        </Notice>
      )}
      <p class="unseen" role="status">
        {shown !== null && !state.pending && error === null ? describeVerdict(shown.answer) : ''}
      </p>
    </section>
  )
}

function Nothing({ waiting }: { waiting: boolean }): VNode {
  return (
    <div class={waiting ? 'verdict is-waiting' : 'verdict is-empty'}>
      <p class="verdict-label">{waiting ? 'Reading' : 'The label appears here'}</p>
      <p class="quiet">{waiting ? 'The answer takes a moment.' : 'Negative, neutral or positive, as you type.'}</p>
      <span class="split-bar is-large is-blank" />
      <Probabilities scores={null} />
      <p class="verdict-facts quiet" />
    </div>
  )
}

function Verdict({ shown, stale }: { shown: Answered; stale: boolean }): VNode {
  const { answer, ms } = shown
  return (
    <div class={stale ? 'verdict is-stale' : 'verdict'}>
      <p class="verdict-label">
        <span class={`mark-shape is-${answer.label}`} aria-hidden="true">
          {SHAPES[answer.label]}
        </span>{' '}
        {WORDS[answer.label]}
      </p>
      <p class="quiet">
        {describeCertainty(answer.score)} {describeWindows(answer.windows)}
      </p>
      <SplitBar shares={answer.scores} size="large" name="Probability" />
      <Probabilities scores={answer.scores} />
      <p class="verdict-facts quiet">
        Model {answer.model} · {formatDuration(ms)}
      </p>
    </div>
  )
}

function Probabilities({ scores }: { scores: SentimentScores | null }): VNode {
  return (
    <dl class="probabilities">
      {SENTIMENTS.map((label) => (
        <div key={label}>
          <dt>
            <Mark label={label} />
          </dt>
          <dd class="figure">{scores === null ? '–' : formatShare(scores[label])}</dd>
        </div>
      ))}
    </dl>
  )
}

function Countdown({ seconds }: { seconds: number }): VNode {
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    setLeft(seconds)
    const timer = setInterval(() => setLeft((value) => Math.max(0, value - 1)), 1000)
    return () => clearInterval(timer)
  }, [seconds])
  return <p>{describeRetry(left)}</p>
}
