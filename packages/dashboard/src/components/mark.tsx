// A sentiment as shape and word, and three shares as one bar.
import type { VNode } from 'preact'
import { SENTIMENTS, type Sentiment } from '../api/types.ts'
import { formatShare } from '../format/number.ts'
import { SHAPES, WORDS } from '../sentence/verdict.ts'

export function Mark({ label, word = true }: { label: Sentiment; word?: boolean }): VNode {
  return (
    <span class="mark">
      <span class={`mark-shape is-${label}`} aria-hidden="true">
        {SHAPES[label]}
      </span>
      <span class={word ? '' : 'unseen'}>{WORDS[label]}</span>
    </span>
  )
}

interface BarProps {
  readonly shares: Readonly<Record<Sentiment, number>>
  readonly size?: 'small' | 'large'
  /** Said before the shares by a screen reader. */
  readonly name: string
}

/** Negative from the left, positive at the right; the shares are probabilities or parts of a whole. */
export function SplitBar({ shares, size = 'small', name }: BarProps): VNode {
  const words = SENTIMENTS.map((label) => `${label} ${formatShare(shares[label])}`).join(', ')
  return (
    <span class={`split-bar is-${size}`} role="img" aria-label={`${name}: ${words}`}>
      {SENTIMENTS.filter((label) => shares[label] > 0).map((label) => (
        <span key={label} class={`split-part is-${label}`} style={{ flexGrow: shares[label] }} />
      ))}
    </span>
  )
}
