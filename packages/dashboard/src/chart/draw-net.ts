// Net sentiment on the canvas: gaps, band of uncertainty, line, end label.
import { formatPoints } from '../format/number.ts'
import type { Frame } from './layout.ts'
import type { Palette } from './palette.ts'
import type { Gap, Point } from './points.ts'

type Context = CanvasRenderingContext2D

export function drawZeroLine(ctx: Context, frame: Frame, palette: Palette): void {
  ctx.strokeStyle = palette.muted
  ctx.lineWidth = frame.ratio
  strokeLine(ctx, frame.left, frame.net(0), frame.right, frame.net(0))
}

export function drawGaps(ctx: Context, frame: Frame, palette: Palette, gaps: readonly Gap[]): void {
  for (const gap of gaps) {
    const left = frame.x(gap.start)
    const right = frame.x(gap.end)
    hatch(ctx, frame, palette, left, right)
    if (right - left < 64 * frame.ratio) continue
    ctx.fillStyle = palette.card
    ctx.font = `${13 * frame.ratio}px ${palette.font}`
    const width = ctx.measureText('no posts').width
    const middle = (left + right) / 2
    const y = frame.net(-75)
    ctx.fillRect(middle - width / 2 - 4 * frame.ratio, y - 11 * frame.ratio, width + 8 * frame.ratio, 22 * frame.ratio)
    ctx.fillStyle = palette.muted
    ctx.textAlign = 'center'
    ctx.textBaseline = 'middle'
    ctx.fillText('no posts', middle, y)
  }
}

function hatch(ctx: Context, frame: Frame, palette: Palette, left: number, right: number): void {
  const height = frame.netBottom - frame.top
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, frame.top, right - left, height)
  ctx.clip()
  ctx.globalAlpha = 0.35
  ctx.strokeStyle = palette.muted
  ctx.lineWidth = frame.ratio
  ctx.beginPath()
  for (let x = left - height; x < right; x += 8 * frame.ratio) {
    ctx.moveTo(x, frame.netBottom)
    ctx.lineTo(x + height, frame.top)
  }
  ctx.stroke()
  ctx.restore()
}

export function drawBand(ctx: Context, frame: Frame, palette: Palette, run: readonly Point[]): void {
  const points = run.filter((point) => point.bucket.net !== null)
  const only = points.length === 1 ? points[0] : undefined
  ctx.save()
  ctx.globalAlpha = 0.14
  ctx.fillStyle = palette.ink
  ctx.beginPath()
  if (only?.bucket.net != null) {
    const half = Math.min(6 * frame.ratio, (frame.x(only.end) - frame.x(only.start)) / 2)
    const top = frame.net(only.bucket.net.high)
    ctx.rect(frame.x(only.mid) - half, top, half * 2, frame.net(only.bucket.net.low) - top)
  } else {
    for (const { mid, bucket } of points) ctx.lineTo(frame.x(mid), frame.net(bucket.net?.high ?? 0))
    for (const { mid, bucket } of points.toReversed()) ctx.lineTo(frame.x(mid), frame.net(bucket.net?.low ?? 0))
  }
  ctx.fill()
  ctx.restore()
}

/** Solid between buckets that say something, dashed to those that are thin or not over yet. */
export function drawLine(ctx: Context, frame: Frame, palette: Palette, run: readonly Point[]): void {
  ctx.save()
  ctx.strokeStyle = palette.ink
  ctx.lineWidth = 2 * frame.ratio
  ctx.lineJoin = 'round'
  for (const [index, point] of run.entries()) {
    const next = run[index + 1]
    if (next === undefined) break
    const weak = point.bucket.thin || next.bucket.thin || point.unfinished || next.unfinished
    ctx.setLineDash(weak ? [3 * frame.ratio, 4 * frame.ratio] : [])
    strokeLine(ctx, frame.x(point.mid), netOf(frame, point), frame.x(next.mid), netOf(frame, next))
  }
  ctx.restore()
}

/** A dot for each bucket where there is room; hollow where it is thin or not over yet. */
export function drawDots(ctx: Context, frame: Frame, palette: Palette, points: readonly Point[]): void {
  const first = points[0]
  if (first === undefined) return
  const step = frame.x(first.end) - frame.x(first.start)
  const lonely = step < 12 * frame.ratio
  for (const [index, point] of points.entries()) {
    if (point.bucket.net === null) continue
    const alone = points[index - 1]?.bucket.net == null && points[index + 1]?.bucket.net == null
    if (lonely && !alone) continue
    drawDot(ctx, frame, palette, point, 3)
  }
}

export function drawDot(ctx: Context, frame: Frame, palette: Palette, point: Point, radius: number): void {
  if (point.bucket.net === null) return
  ctx.beginPath()
  ctx.arc(frame.x(point.mid), netOf(frame, point), radius * frame.ratio, 0, Math.PI * 2)
  ctx.fillStyle = point.bucket.thin || point.unfinished ? palette.card : palette.ink
  ctx.strokeStyle = palette.ink
  ctx.lineWidth = 1.5 * frame.ratio
  ctx.fill()
  ctx.stroke()
}

/** Names the line at its end; where there is no room for the name, its value stands alone. */
export function drawEndLabel(ctx: Context, frame: Frame, palette: Palette, points: readonly Point[]): void {
  const last = points.findLast((point) => point.bucket.net !== null)
  if (last?.bucket.net == null) return
  const left = frame.right + 8 * frame.ratio
  const y = Math.min(Math.max(netOf(frame, last), frame.top + 10 * frame.ratio), frame.netBottom - 10 * frame.ratio)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = palette.ink
  ctx.font = `600 ${13 * frame.ratio}px ${palette.font}`
  const value = formatPoints(last.bucket.net.points)
  const name = `Net ${value}`
  ctx.fillText(left + ctx.measureText(name).width > ctx.canvas.width ? value : name, left, y)
  if (!last.unfinished) return
  ctx.fillStyle = palette.muted
  ctx.font = `${13 * frame.ratio}px ${palette.font}`
  ctx.fillText('so far', left, y + 18 * frame.ratio)
}

function netOf(frame: Frame, point: Point): number {
  return frame.net(point.bucket.net?.points ?? 0)
}

function strokeLine(ctx: Context, fromX: number, fromY: number, toX: number, toY: number): void {
  ctx.beginPath()
  ctx.moveTo(fromX, fromY)
  ctx.lineTo(toX, toY)
  ctx.stroke()
}
