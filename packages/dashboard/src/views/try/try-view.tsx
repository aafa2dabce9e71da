// "Try it": type a text, read its label and probabilities as you type.
import type { VNode } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { PATHS } from '../../api/paths.ts'
import type { SentimentResponse } from '../../api/types.ts'
import { useServices, useVisit } from '../../app/context.tsx'
import { Heading } from '../../components/heading.tsx'
import { countCharacters, formatNoun } from '../../format/number.ts'
import { EXAMPLES } from './examples.ts'
import { TryHistory } from './try-history.tsx'
import { TryResult } from './try-result.tsx'
import { createTyping, EMPTY_TYPING, type Typing, type TypingState } from './typing.ts'

/** A try is remembered once its text has rested this long. */
const SETTLED_MS = 1000

export function TryView(): VNode {
  const [text, setText] = useState('')
  const [state, setState] = useState<TypingState>(EMPTY_TYPING)
  const typing = useTyping(setState)
  const field = useRef<HTMLTextAreaElement | null>(null)
  useRemember(state)

  function change(next: string): void {
    setText(next)
    typing.type(next)
  }

  function pick(next: string): void {
    change(next)
    field.current?.focus()
  }

  return (
    <>
      <Heading title="Try it" />
      <p class="lead">Type a post the way a customer would write it. You see how the model reads it.</p>
      <div class="try">
        <section class="try-write" aria-label="Your text">
          <label class="unseen" for="try-text">
            Text of the post
          </label>
          <textarea
            id="try-text"
            ref={field}
            class="field try-text"
            dir="auto"
            rows={6}
            placeholder="Type or paste a post"
            spellcheck={false}
            aria-describedby="try-count"
            value={text}
            onInput={(event) => change(event.currentTarget.value)}
          />
          <div class="try-under">
            <span id="try-count" class="quiet">
              {formatNoun(countCharacters(text), 'character')}
            </span>
            <button type="button" class="link" disabled={text === ''} onClick={() => pick('')}>
              Clear
            </button>
          </div>
          <h2 class="small-heading">Or start with one of these</h2>
          <ul class="examples">
            {EXAMPLES.map((example) => (
              <li key={example}>
                <button type="button" class="example" onClick={() => pick(example)}>
                  {example}
                </button>
              </li>
            ))}
          </ul>
        </section>
        <TryResult state={state} text={text} onRetry={() => typing.again()} />
      </div>
      <TryHistory onPick={pick} />
    </>
  )
}

function useTyping(setState: (state: TypingState) => void): Typing {
  const { api, connection } = useServices()
  const typing = useMemo(
    () =>
      createTyping({
        ask: (text, signal) => api.post<SentimentResponse>(PATHS.predict, { text }, signal),
        onState: setState,
        clock: () => performance.now(),
      }),
    [api, setState],
  )
  useEffect(() => () => typing.stop(), [typing])
  useEffect(() => connection.subscribe((online) => online && typing.again()), [connection, typing])
  return typing
}

function useRemember(state: TypingState): void {
  const { rememberTry } = useVisit()
  const shown = state.pending ? null : state.shown
  // Only a new answer is remembered
  useEffect(() => {
    if (shown === null) return
    const { text, answer } = shown
    const timer = setTimeout(() => rememberTry({ text, label: answer.label, score: answer.score }), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [shown])
}
