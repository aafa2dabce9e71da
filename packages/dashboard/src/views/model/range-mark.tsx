// A value and its interval as a small mark on a line from 0 to 1; every mark has the same scale.
import type { VNode } from 'preact'
import type { Metric } from '../../api/types.ts'

const WIDTH = 160

export function RangeMark({ metric }: { metric: Metric }): VNode {
  const { value, low = value, high = value } = metric
  const x = (at: number): number => Math.min(1, Math.max(0, at)) * (WIDTH - 8) + 4
  return (
    <svg class="range" viewBox={`0 0 ${WIDTH} 16`} width={WIDTH} height="16" aria-hidden="true">
      <line class="range-axis" x1="4" x2={WIDTH - 4} y1="8" y2="8" />
      <line class="range-interval" x1={x(low) - 1} x2={x(high) + 1} y1="8" y2="8" />
      <line class="range-value" x1={x(value)} x2={x(value)} y1="1" y2="15" />
    </svg>
  )
}
