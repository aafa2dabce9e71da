// The plot: uPlot keeps scales, axes and pixels; what is inside is drawn here.
import uPlot from 'uplot'
import type { Timeline, TimelineUnit } from '../api/types.ts'
import { formatPoints } from '../format/number.ts'
import { formatTicks } from '../format/time.ts'
import { drawBand, drawDot, drawDots, drawEndLabel, drawGaps, drawLine, drawZeroLine } from './draw-net.ts'
import { drawColumns, drawVolumeLabels, drawVolumeScale } from './draw-volume.ts'
import { type Frame, frameOf, NET_RANGE, NET_TICKS, volumeRange } from './layout.ts'
import type { Palette } from './palette.ts'
import { findGaps, findRuns, type Point, roundUp, toPoints } from './points.ts'

export interface Plot {
  readonly points: readonly Point[]
  /** The element that the pointer moves over. */
  readonly surface: HTMLElement
  resize(width: number): void
  recolour(palette: Palette): void
  /** Marks one bucket, or none. */
  mark(index: number | null): void
  /** Seconds at a place of the surface, in CSS pixels from its left. */
  timeAt(x: number): number
  destroy(): void
}

const NARROW = 560

export function createPlot(target: HTMLElement, timeline: Timeline, colours: Palette, now: Date): Plot {
  const points = toPoints(timeline, now)
  const top = roundUp(Math.max(1, ...points.map((point) => point.bucket.n)))
  let palette = colours
  let marked: number | null = null
  const width = target.clientWidth

  const plot = new uPlot(
    {
      width,
      height: heightFor(width),
      padding: [12, width < NARROW ? 64 : 84, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: {
        x: { time: true, range: () => [points[0]?.start ?? 0, points.at(-1)?.end ?? 1] },
        net: { range: () => [...NET_RANGE] as [number, number] },
        volume: { range: () => volumeRange(top) },
      },
      series: [{}, { scale: 'net', show: true, paths: () => null, points: { show: false } }],
      axes: axesOf(timeline.unit, () => palette),
      hooks: {
        drawClear: [(self) => drawBehind(self.ctx, frameOf(self), palette, points, marked)],
        draw: [
          (self) => drawFront(self.ctx, frameOf(self), palette, points, { top, marked, narrow: self.width < NARROW }),
        ],
      },
    },
    [points.map((point) => point.mid), points.map((point) => point.bucket.net?.points ?? null)],
    target,
  )

  return {
    points,
    surface: plot.over,
    resize: (next) => plot.setSize({ width: next, height: heightFor(next) }),
    recolour: (next) => {
      palette = next
      plot.redraw(false, true)
    },
    mark: (index) => {
      marked = index
      plot.redraw(false, false)
    },
    timeAt: (x) => plot.posToVal(x, 'x'),
    destroy: () => plot.destroy(),
  }
}

export function heightFor(width: number): number {
  return width < NARROW ? 320 : 400
}

const HOUR = 3600
const DAY = 24 * HOUR
/** Steps between ticks in seconds; from 30 and 365 days on uPlot keeps to months and years. */
const STEPS: readonly number[] = [
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 4, 7, 14].map((days) => days * DAY),
  ...[30, 60, 90, 180].map((days) => days * DAY),
  ...[1, 2, 5, 10, 20, 50, 100].map((years) => years * 365 * DAY),
]

/** No tick lies closer to the next than a bucket is wide. */
function stepsOf(unit: TimelineUnit): number[] {
  const least = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY, year: 365 * DAY }[unit]
  return STEPS.filter((step) => step >= least)
}

function axesOf(unit: TimelineUnit, palette: () => Palette): uPlot.Axis[] {
  const font = (): string => `13px ${palette().font}`
  return [
    {
      stroke: () => palette().muted,
      font: font(),
      size: 32,
      grid: { show: false },
      ticks: { stroke: () => palette().line, size: 6, width: 1 },
      space: 56,
      incrs: stepsOf(unit),
      values: (_, splits, __, ___, step) =>
        formatTicks(
          splits.map((seconds) => new Date(seconds * 1000)),
          step,
        ),
    },
    {
      scale: 'net',
      stroke: () => palette().muted,
      font: font(),
      size: 52,
      gap: 8,
      splits: () => [...NET_TICKS],
      values: (_, splits) => splits.map((value) => formatPoints(value)),
      grid: { stroke: () => palette().line, width: 1 },
      ticks: { show: false },
    },
  ]
}

function drawBehind(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  palette: Palette,
  points: readonly Point[],
  marked: number | null,
): void {
  ctx.save()
  const point = marked === null ? undefined : points[marked]
  if (point !== undefined) {
    const left = frame.x(point.start)
    ctx.globalAlpha = 0.14
    ctx.fillStyle = palette.action
    ctx.fillRect(left, frame.top, Math.max(2 * frame.ratio, frame.x(point.end) - left), frame.bottom - frame.top)
    ctx.globalAlpha = 1
  }
  drawGaps(ctx, frame, palette, findGaps(points))
  ctx.restore()
}

interface Front {
  readonly top: number
  readonly marked: number | null
  readonly narrow: boolean
}

function drawFront(
  ctx: CanvasRenderingContext2D,
  frame: Frame,
  palette: Palette,
  points: readonly Point[],
  { top, marked, narrow }: Front,
): void {
  ctx.save()
  drawZeroLine(ctx, frame, palette)
  drawVolumeScale(ctx, frame, palette, top)
  drawColumns(ctx, frame, palette, points)
  for (const run of findRuns(points)) {
    drawBand(ctx, frame, palette, run)
    drawLine(ctx, frame, palette, run)
  }
  drawDots(ctx, frame, palette, points)
  const point = marked === null ? undefined : points[marked]
  if (point !== undefined) drawDot(ctx, frame, palette, point, 5)
  drawEndLabel(ctx, frame, palette, points)
  drawVolumeLabels(ctx, frame, palette, narrow)
  ctx.restore()
}
