// How the run went: loss, macro recall and learning rate over steps, each under a title that says what happened.
import { readLogRow } from '../trained/curve.ts'
import { formatCount, formatNumber, formatShare, formatTick } from './format.ts'
import { type Html, html } from './html.ts'
import { type Point, renderLineChart } from './line-chart.ts'
import type { TrainingReportData } from './report-data.ts'

/** More than a screen has room for; longer lines become means. */
const POINTS = 240

export function renderCurves({ logHistory, bestStep }: TrainingReportData): Html {
  const rows = logHistory.map(readLogRow)
  const loss = readLine(rows, 'loss')
  const evalLoss = firstOfStep(readLine(rows, 'eval_loss'))
  const recall = firstOfStep(readLine(rows, 'eval_macro_recall'))
  const rate = readLine(rows, 'learning_rate')
  const steps = rows.reduce((most, { step = 0 }) => Math.max(most, step), 1)
  if (loss.length + evalLoss.length + recall.length === 0) {
    return html`<h2>How training went</h2><p>Nothing was logged during training.</p>`
  }
  return html`<h2>How training went</h2>
${recall.length === 0 ? '' : recallChart(recall, steps, bestStep)}
${loss.length + evalLoss.length === 0 ? '' : lossChart(loss, evalLoss, steps, bestStep)}
${rate.length === 0 ? '' : rateChart(rate, steps)}`
}

function readLine(rows: readonly Readonly<Record<string, number>>[], name: string): Point[] {
  return rows.flatMap((row) => {
    const x = row.step
    const y = row[name]
    return x === undefined || y === undefined ? [] : [{ x, y }]
  })
}

/** The last evaluation is of the best weights, under the last step; what was measured there first is the curve. */
function firstOfStep(points: readonly Point[]): Point[] {
  return points.filter(({ x }, index) => points.findIndex((other) => other.x === x) === index)
}

function markedPoint(points: readonly Point[], step: number | undefined): { readonly marked?: Point } {
  const marked = points.find(({ x }) => x === step)
  return marked === undefined ? {} : { marked }
}

function recallChart(points: readonly Point[], steps: number, bestStep: number | undefined): Html {
  const kept = bestStep === undefined ? '' : '; the ring marks the weights that were kept'
  return renderLineChart({
    title: describeBest('Macro recall was highest', points, (a, b) => a > b, formatShare),
    subtitle: `Mean recall of the labels on the validation split, over steps; ${countEvaluations(points)}${kept}`,
    lines: [
      { label: 'validation', points, look: 'strong', dots: points.length <= 60, ...markedPoint(points, bestStep) },
    ],
    formatY: formatShare,
    formatTick,
    steps,
  })
}

function lossChart(
  loss: readonly Point[],
  evalLoss: readonly Point[],
  steps: number,
  bestStep: number | undefined,
): Html {
  const drawn = thin(loss)
  const means =
    drawn.length < loss.length ? `, shown as means of ${Math.ceil(loss.length / POINTS)} rows of the log` : ''
  return renderLineChart({
    title:
      evalLoss.length > 0
        ? describeBest('Validation loss was lowest', evalLoss, (a, b) => a < b)
        : describeChange(loss),
    subtitle: `Loss in nats, over steps; in training the mean since the row before${means}`,
    steps,
    lines: [
      { label: 'training', points: drawn, look: 'quiet' },
      {
        label: 'validation',
        points: evalLoss,
        look: 'strong',
        dots: evalLoss.length <= 60,
        ...markedPoint(evalLoss, bestStep),
      },
    ],
  })
}

function rateChart(points: readonly Point[], steps: number): Html {
  return renderLineChart({
    title: describeRate(points),
    subtitle: 'Learning rate of each logged step',
    lines: [{ label: 'rate', points: thin(points), look: 'strong' }],
    low: 0,
    small: true,
    steps,
  })
}

function countEvaluations(points: readonly Point[]): string {
  return points.length === 1 ? '1 evaluation' : `${formatCount(points.length)} evaluations`
}

/** `Macro recall was highest at step 2,850: 73.3 %; 72.9 % at the end`. */
function describeBest(
  what: string,
  points: readonly Point[],
  isBetter: (a: number, b: number) => boolean,
  format: (value: number) => string = formatNumber,
): string {
  const last = points.at(-1) as Point
  const best = points.reduce((found, point) => (isBetter(point.y, found.y) ? point : found))
  const isLast = !isBetter(best.y, last.y)
  const end = isLast ? 'at the end' : `at step ${formatCount(best.x)}`
  const after = isLast ? '' : `; ${format(last.y)} at the end`
  return `${what} ${end}: ${format(best.y)}${after}`
}

function describeChange(points: readonly Point[]): string {
  const [first, last] = [points[0] as Point, points.at(-1) as Point]
  if (points.length === 1) return `Training loss was ${formatNumber(last.y)} at step ${formatCount(last.x)}`
  const direction = last.y < first.y ? 'fell' : last.y > first.y ? 'rose' : 'stayed'
  return `Training loss ${direction} from ${formatNumber(first.y)} to ${formatNumber(last.y)}`
}

function describeRate(points: readonly Point[]): string {
  const [first, last] = [points[0] as Point, points.at(-1) as Point]
  const top = points.reduce((found, point) => (point.y > found.y ? point : found))
  const peak = formatNumber(top.y)
  if (points.every(({ y }) => y === top.y)) return `The learning rate was ${peak} throughout`
  if (top.x === last.x) return `The learning rate rose to ${peak}`
  const end = formatNumber(last.y)
  if (top.x === first.x) return `The learning rate fell from ${peak} to ${end}`
  return `The learning rate rose to ${peak} by step ${formatCount(top.x)} and fell to ${end}`
}

/** Means of neighbours, at most `POINTS` of them; the last step stays where it is. */
function thin(points: readonly Point[]): readonly Point[] {
  const size = Math.ceil(points.length / POINTS)
  if (size <= 1) return points
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const part = points.slice(index * size, (index + 1) * size)
    return { x: part.at(-1)?.x ?? 0, y: part.reduce((sum, { y }) => sum + y, 0) / part.length }
  })
}
