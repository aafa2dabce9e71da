// A chart of lines over steps: drawn in SVG that stretches, labelled in HTML that does not.
import { formatCount, formatNumber } from './format.ts'
import { type Html, html } from './html.ts'
import { makeScale, type Scale } from './scale.ts'
import { renderTable } from './table.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Line {
  /** Stands at the line's end. */
  readonly label: string
  readonly points: readonly Point[]
  /** `quiet` is for what stands in the background. */
  readonly look: 'strong' | 'quiet'
  /** Mark each point; for lines of few. */
  readonly dots?: boolean
  /** The point that matters, with its own mark. */
  readonly marked?: Point
}

export interface LineChart {
  /** Says what is seen. */
  readonly title: string
  /** Measure, unit, n. */
  readonly subtitle: string
  readonly lines: readonly Line[]
  /** For readings, and for the axis. */
  readonly formatY?: (value: number) => string
  readonly formatTick?: (value: number) => string
  /** The last step of the run, so that charts of it stand over each other. */
  readonly steps: number
  readonly low?: number
  readonly small?: boolean
}

/** Pixels; the style sheet has the same. */
const HEIGHT = { large: 260, small: 130 }
const LABEL_HEIGHT = 18

/** Lines without points are left out. */
export function renderLineChart(chart: LineChart): Html {
  const lines = chart.lines.filter(({ points }) => points.length > 0)
  const points = lines.flatMap((line) => line.points)
  const across = makeScale([], 4, { low: 0, high: Math.max(1, chart.steps) })
  const limits = chart.low === undefined ? {} : { low: chart.low }
  const up = makeScale(
    points.map(({ y }) => y),
    chart.small === true ? 2 : 4,
    limits,
  )
  const formatY = chart.formatY ?? formatNumber
  const formatTick = chart.formatTick ?? formatY
  return html`<figure class="chart">
<figcaption><h3>${chart.title}</h3><p class="muted">${chart.subtitle}</p></figcaption>
<div class="plot ${chart.small === true ? 'small' : 'large'}" role="img" aria-label="${chart.title}. ${chart.subtitle}">
${up.ticks.map((tick) => html`<span class="y" style="bottom:${up.at(tick)}%">${formatTick(tick)}</span>`)}
${across.ticks.map((tick) => html`<span class="x" style="left:${across.at(tick)}%">${formatCount(tick)}</span>`)}
<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
${up.ticks.map((tick) => html`<line class="grid" x1="0" x2="100" y1="${100 - up.at(tick)}" y2="${100 - up.at(tick)}"/>`)}
${lines.map((line) => html`<polyline class="${line.look}" points="${tracePoints(line.points, across, up)}"/>`)}
</svg>
${lines.map((line) => renderDots(line, across, up, formatY))}
${placeLabels(lines, up, chart.small === true ? HEIGHT.small : HEIGHT.large).map(
  ({ label, look, bottom }) => html`<span class="end ${look}" style="bottom:${bottom}%">${label}</span>`,
)}
</div>
${renderValues(lines, formatY)}
</figure>`
}

function tracePoints(points: readonly Point[], across: Scale, up: Scale): string {
  return points.map(({ x, y }) => `${across.at(x)},${round(100 - up.at(y))}`).join(' ')
}

function round(value: number): number {
  return Math.round(value * 1e3) / 1e3
}

function renderDots(line: Line, across: Scale, up: Scale, formatY: (value: number) => string): readonly Html[] {
  const { marked } = line
  const dots = line.dots === true || line.points.length === 1 ? line.points : []
  const all = marked === undefined ? dots : [...dots.filter(({ x }) => x !== marked.x), marked]
  return all.map(
    (point) =>
      html`<span class="dot ${line.look}${point === marked ? ' marked' : ''}" style="left:${across.at(point.x)}%;bottom:${up.at(point.y)}%" title="${line.label}, step ${formatCount(point.x)}: ${formatY(point.y)}"></span>`,
  )
}

interface PlacedLabel extends Pick<Line, 'label' | 'look'> {
  readonly bottom: number
}

/** At the height of each line's end, pushed apart where two would lie over each other. */
function placeLabels(lines: readonly Line[], up: Scale, height: number): readonly PlacedLabel[] {
  const gap = (LABEL_HEIGHT / height) * 100
  const ends = lines
    .map(({ label, look, points }) => ({ label, look, bottom: up.at(points.at(-1)?.y ?? up.low) }))
    .sort((a, b) => a.bottom - b.bottom)
  let least = Number.NEGATIVE_INFINITY
  return ends.map((end) => {
    const bottom = Math.max(end.bottom, least)
    least = bottom + gap
    return { ...end, bottom: round(bottom) }
  })
}

/** The numbers under the chart: a row for each step at which something was logged. */
function renderValues(lines: readonly Line[], formatY: (value: number) => string): Html {
  const byStep = new Map<number, (number | undefined)[]>()
  for (const [column, line] of lines.entries()) {
    for (const { x, y } of line.points) {
      const row = byStep.get(x) ?? []
      row[column] = y
      byStep.set(x, row)
    }
  }
  const rows = [...byStep].sort(([a], [b]) => a - b)
  const cells = rows.map(([step, values]) => [
    formatCount(step),
    ...lines.map((_, column) => (values[column] === undefined ? '' : formatY(values[column]))),
  ])
  return html`<details><summary>Table</summary>${renderTable(
    ['step', ...lines.map(({ label }) => label)].map((label) => ({ label, numeric: true })),
    cells,
  )}</details>`
}
