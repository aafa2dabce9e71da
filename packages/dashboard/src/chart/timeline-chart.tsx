// Net sentiment and volume over time: a picture to point at, the same by keyboard, the same as a table.
import type { VNode } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Timeline } from '../api/types.ts'
import { useServices } from '../app/context.tsx'
import { readPalette } from './palette.ts'
import { createPlot, type Plot } from './plot.ts'
import { indexAt, type Point, toPoints } from './points.ts'
import { describeTimeline, readPoint } from './read-out.ts'
import { TimelineTable } from './timeline-table.tsx'

interface Props {
  /** Says what is seen. */
  readonly title: string
  readonly timeline: Timeline
  readonly scored: number
  onOpen(from: string, to: string): void
}

export function TimelineChart({ title, timeline, scored, onOpen }: Props): VNode {
  const { now } = useServices()
  const points = useMemo(() => toPoints(timeline, now()), [timeline, now])
  const [index, setIndex] = useState<number | null>(null)
  const [table, setTable] = useState(false)

  function open(at: number | null): void {
    const point = at === null ? undefined : points[at]
    if (point !== undefined && point.bucket.n > 0) onOpen(toIso(point.start), toIso(point.end))
  }

  return (
    <section class="block chart-block" aria-labelledby="chart-heading">
      <h2 id="chart-heading">{title}</h2>
      <p class="quiet chart-subtitle">{describeTimeline(timeline, scored)}</p>
      <Picture timeline={timeline} points={points} index={index} onIndex={setIndex} onOpen={open} />
      <ReadOutLine point={index === null ? null : (points[index] ?? null)} unit={timeline.unit} />
      <button type="button" class="link" aria-expanded={table} onClick={() => setTable(!table)}>
        {table ? 'Hide the table' : 'Table'}
      </button>
      {table && <TimelineTable points={points} unit={timeline.unit} onOpen={onOpen} />}
    </section>
  )
}

interface PictureProps {
  readonly timeline: Timeline
  readonly points: readonly Point[]
  readonly index: number | null
  onIndex(index: number | null): void
  onOpen(index: number | null): void
}

/** A slider over the buckets: arrows move along the time axis, Enter opens the posts. */
function Picture({ timeline, points, index, onIndex, onOpen }: PictureProps): VNode {
  const box = useRef<HTMLDivElement | null>(null)
  const current = points[index ?? points.length - 1]
  const words = current === undefined ? '' : Object.values(readPoint(current, timeline.unit)).filter(Boolean).join('. ')
  usePlot(box, timeline, index, onIndex, onOpen)

  function press(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') onOpen(index)
    else {
      const next = nextIndex(event.key, index, points.length)
      if (next === undefined) return
      onIndex(next)
    }
    event.preventDefault()
  }

  return (
    <div
      ref={box}
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label="Net sentiment over time. Arrow keys move, Enter opens the posts."
      aria-valuemin={0}
      aria-valuemax={Math.max(0, points.length - 1)}
      aria-valuenow={index ?? points.length - 1}
      aria-valuetext={words}
      onKeyDown={press}
      onBlur={() => onIndex(null)}
    />
  )
}

/** `null` takes the mark away; `undefined` is another key. */
function nextIndex(key: string, index: number | null, count: number): number | null | undefined {
  const last = count - 1
  const step = Math.max(1, Math.round(count / 10))
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, (index ?? count) - 1)
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(last, (index ?? -1) + 1)
    case 'PageDown':
      return Math.max(0, (index ?? last) - step)
    case 'PageUp':
      return Math.min(last, (index ?? 0) + step)
    case 'Home':
      return 0
    case 'End':
      return last
    case 'Escape':
      return null
    default:
      return undefined
  }
}

function usePlot(
  box: { current: HTMLDivElement | null },
  timeline: Timeline,
  index: number | null,
  onIndex: (index: number | null) => void,
  onOpen: (index: number | null) => void,
): void {
  const { theme, now } = useServices()
  const plot = useRef<Plot | null>(null)
  const handlers = useRef({ onIndex, onOpen })
  handlers.current = { onIndex, onOpen }

  useEffect(() => {
    const element = box.current
    if (element === null) return
    const created = createPlot(element, timeline, readPalette(element), now())
    plot.current = created
    const stopPointing = followPointer(created, {
      onIndex: (next) => handlers.current.onIndex(next),
      onOpen: (next) => handlers.current.onOpen(next),
    })
    const observer = new ResizeObserver(() => created.resize(element.clientWidth))
    observer.observe(element)
    const unsubscribe = theme.subscribe(() => created.recolour(readPalette(element)))
    return () => {
      unsubscribe()
      observer.disconnect()
      stopPointing()
      created.destroy()
      plot.current = null
    }
  }, [box, timeline, theme, now])

  useEffect(() => plot.current?.mark(index), [index])
}

interface PointerHandlers {
  onIndex(index: number | null): void
  onOpen(index: number | null): void
}

function followPointer(plot: Plot, handlers: PointerHandlers): () => void {
  const { surface } = plot
  const at = (event: MouseEvent): number =>
    indexAt(plot.points, plot.timeAt(event.clientX - surface.getBoundingClientRect().left))
  const move = (event: PointerEvent): void => handlers.onIndex(at(event))
  const leave = (): void => handlers.onIndex(null)
  const click = (event: MouseEvent): void => handlers.onOpen(at(event))
  surface.addEventListener('pointermove', move)
  surface.addEventListener('pointerleave', leave)
  surface.addEventListener('click', click)
  return () => {
    surface.removeEventListener('pointermove', move)
    surface.removeEventListener('pointerleave', leave)
    surface.removeEventListener('click', click)
  }
}

function ReadOutLine({ point, unit }: { point: Point | null; unit: Timeline['unit'] }): VNode {
  if (point === null) {
    return (
      <p class="read-out quiet">
        Point at the chart, or move along it with the arrow keys. A click or Enter opens the posts.
      </p>
    )
  }
  const { when, net, posts } = readPoint(point, unit)
  return (
    <p class="read-out">
      <strong>{when}</strong> {net} {posts !== '' && <span class="quiet">{posts}</span>}
    </p>
  )
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
