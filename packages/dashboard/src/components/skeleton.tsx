// The shape of what is coming, for waits over 200 ms.
import type { VNode } from 'preact'

export function Skeleton({ lines, name }: { lines: number; name: string }): VNode {
  return (
    <div class="skeleton" role="status">
      <span class="unseen">{name}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skeleton-line" />
      ))}
    </div>
  )
}
