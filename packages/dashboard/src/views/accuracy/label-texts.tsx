// Asks how recent posts feel, without showing what the model said: so its accuracy is known and not guessed.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { asApiError } from '../../api/errors.ts'
import { PATHS } from '../../api/paths.ts'
import { type Drift, SENTIMENTS, type Sentiment, type TextsToLabel } from '../../api/types.ts'
import { useServices, useVisit } from '../../app/context.tsx'
import { useAction } from '../../app/hooks.ts'
import { Notice } from '../../components/notice.tsx'

type Texts = TextsToLabel['texts']

export function LabelTexts({ drift, onLabelled }: { drift: Drift; onLabelled: () => void }): VNode | null {
  const { api } = useServices()
  const mayWrite = useVisit().session?.scopes.includes('write') === true
  const [texts, setTexts] = useState<Texts | null>(null)
  const { busy, error, run } = useAction()
  if (!drift.keeps_texts) return <HowToKeep />
  if (!mayWrite) return null
  const current = texts?.[0]

  async function load(): Promise<void> {
    setTexts((await api.get<TextsToLabel>(PATHS.textsToLabel)).texts)
  }

  async function label(id: string, given: Sentiment | 'unsure'): Promise<void> {
    await api.post(PATHS.labels, { id, label: given }).catch((error: unknown) => {
      // Somebody else labelled it, or its time is over: the next one is asked about.
      if (asApiError(error).code !== 'TEXT_NOT_FOUND') throw error
    })
    const rest = (texts ?? []).filter((text) => text.id !== id)
    if (rest.length > 0) return setTexts(rest)
    onLabelled()
    await load()
  }

  return (
    <div class="label-texts">
      {error !== null && <Notice error={error} />}
      {texts === null && (
        <div class="actions">
          <button type="button" class="button" disabled={busy || drift.waiting === 0} onClick={() => run(load)}>
            Label recent posts
          </button>
          {drift.waiting === 0 && <span class="quiet">No post waits for a label yet.</span>}
        </div>
      )}
      {texts !== null && current === undefined && <p class="quiet">No post waits for a label.</p>}
      {current !== undefined && (
        <OneText text={current} busy={busy} onLabel={(given) => run(() => label(current.id, given))} />
      )}
    </div>
  )
}

interface OneTextProps {
  readonly text: Texts[number]
  readonly busy: boolean
  readonly onLabel: (label: Sentiment | 'unsure') => void
}

function OneText({ text, busy, onLabel }: OneTextProps): VNode {
  return (
    <fieldset class="block">
      <legend>How does this post feel as a whole?</legend>
      <blockquote dir="auto">{text.text}</blockquote>
      <div class="actions">
        {SENTIMENTS.map((sentiment) => (
          <button key={sentiment} type="button" class="button" disabled={busy} onClick={() => onLabel(sentiment)}>
            {sentiment}
          </button>
        ))}
        <button type="button" class="button" disabled={busy} onClick={() => onLabel('unsure')}>
          Can’t tell
        </button>
      </div>
    </fieldset>
  )
}

function HowToKeep(): VNode {
  return (
    <p class="quiet">
      Texts are not kept, so nobody can label them. With <code>RENOWN_LABEL_SAMPLE=on</code> the server keeps a few for
      seven days at most.
    </p>
  )
}
