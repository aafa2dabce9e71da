// Volume on the canvas: a column for each bucket, split into the three sentiments.
import { SENTIMENTS } from '../api/types.ts'
import { formatCompact } from '../format/number.ts'
import { SHAPES } from '../sentence/verdict.ts'
import type { Frame } from './layout.ts'
import type { Palette } from './palette.ts'
import type { Point } from './points.ts'

type Context = CanvasRenderingContext2D

export function drawColumns(ctx: Context, frame: Frame, palette: Palette, points: readonly Point[]): void {
  for (const { start, end, bucket } of points) {
    const width = frame.x(end) - frame.x(start)
    const air = width > 4 * frame.ratio ? Math.min(4 * frame.ratio, width * 0.2) : 0
    const left = frame.x(start) + air / 2
    let below = 0
    for (const label of SENTIMENTS) {
      const count = bucket[label]
      if (count === 0) continue
      const bottom = frame.volume(below)
      const top = frame.volume(below + count)
      // A hair of the card between the parts keeps them apart without colour.
      const hair = below > 0 && bottom - top > 3 * frame.ratio ? frame.ratio : 0
      ctx.fillStyle = palette[label]
      ctx.fillRect(left, top, Math.max(1, width - air), Math.max(1, bottom - top - hair))
      below += count
    }
  }
}

/** The scale of the columns, in the same gutter as the scale of the line. */
export function drawVolumeScale(ctx: Context, frame: Frame, palette: Palette, top: number): void {
  ctx.font = `${13 * frame.ratio}px ${palette.font}`
  ctx.textAlign = 'right'
  ctx.textBaseline = 'middle'
  ctx.strokeStyle = palette.line
  ctx.lineWidth = frame.ratio
  for (const value of [0, top]) {
    const y = frame.volume(value)
    ctx.fillStyle = palette.muted
    ctx.fillText(formatCompact(value), frame.left - 8 * frame.ratio, y)
    ctx.beginPath()
    ctx.moveTo(frame.left, y)
    ctx.lineTo(frame.right, y)
    ctx.stroke()
  }
}

/** Names the parts of the columns at their end, from the top down as they are stacked. */
export function drawVolumeLabels(ctx: Context, frame: Frame, palette: Palette, narrow: boolean): void {
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  const bottom = frame.bottom - 10 * frame.ratio
  for (const [index, label] of SENTIMENTS.entries()) {
    const x = frame.right + 8 * frame.ratio
    const y = bottom - index * 18 * frame.ratio
    ctx.font = `${13 * frame.ratio}px ${palette.font}`
    ctx.fillStyle = palette[label]
    ctx.fillText(SHAPES[label], x, y)
    ctx.fillStyle = palette.muted
    ctx.fillText(narrow ? label.slice(0, 3) : label, x + 16 * frame.ratio, y)
  }
}
