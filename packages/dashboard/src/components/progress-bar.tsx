// A bar for what has a known end; it only breathes where the end is not known.
import type { VNode } from 'preact'

export function ProgressBar({ share, name }: { share: number | null; name: string }): VNode {
  const known = share !== null
  return (
    <div
      class={known ? 'progress' : 'progress is-unknown'}
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(share * 100) : undefined}
    >
      <div class="progress-done" style={{ width: `${(share ?? 0) * 100}%` }} />
    </div>
  )
}
