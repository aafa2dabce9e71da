// What is long or seldom asked for, behind a line that opens it. The browser's own, so a search in the page finds it.
import type { ComponentChildren, VNode } from 'preact'

interface Props {
  readonly words: string
  /** Follows the words for a screen reader, which reads them without what stands around. */
  readonly about?: string
  /** From the start; after that the reader decides. */
  readonly open?: boolean
  readonly children: ComponentChildren
}

export function Fold({ words, about, open = false, children }: Props): VNode {
  return (
    <details class="fold" open={open}>
      <summary>
        {words} {about !== undefined && <span class="unseen">{about}</span>}
      </summary>
      {children}
    </details>
  )
}
