// A button for what cannot be undone: the first press asks, the second does it, anything else takes it back.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'

interface Props {
  readonly words: string
  readonly question: string
  /** What it is done to, for a screen reader. */
  readonly name: string
  onConfirm(): void
}

export function ConfirmButton({ words, question, name, onConfirm }: Props): VNode {
  const [asking, setAsking] = useState(false)
  return (
    <button
      type="button"
      class={asking ? 'link is-asking' : 'link'}
      aria-label={`${asking ? question : words}: ${name}`}
      onBlur={() => setAsking(false)}
      onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}
      onClick={() => (asking ? onConfirm() : setAsking(true))}
    >
      {asking ? question : words}
    </button>
  )
}
