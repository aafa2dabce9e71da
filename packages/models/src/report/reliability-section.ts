// Whether probabilities can be taken at their word, before and after temperature scaling.
import type { CalibrationBin } from '@renown/ml'
import type { SplitEvaluation } from '../trained/finish-types.ts'
import { formatCount, formatNumber, formatPoints, nameFile } from './format.ts'
import { type Html, html } from './html.ts'
import type { TrainingReportData } from './report-data.ts'
import { makeScale, type Scale } from './scale.ts'
import { renderTable } from './table.ts'

/** Bins of fewer posts say little; they are drawn smaller still, and without a whisker. */
const FEW = 10

export function renderReliability({ manifest, evaluations }: TrainingReportData): Html {
  const [main] = evaluations
  if (main === undefined) return html``
  const served = evaluations.filter(({ file }) => file === main.file)
  return html`<h2>Whether its probabilities hold</h2>
<p>${describeTemperature(manifest)}</p>
<div class="pair">${served.map((measured) => renderDiagram(measured, manifest.labels.length))}</div>`
}

function describeTemperature({ temperature, temperatureFit }: TrainingReportData['manifest']): string {
  if (temperatureFit === undefined) return `Logits are divided by ${formatNumber(temperature)} before the softmax.`
  const { dataSet, split, rows, nllBefore, nllAfter } = temperatureFit
  const posts = `${formatCount(rows)} posts of ${dataSet}, ${split}`
  if (temperature === 1)
    return `A temperature was sought on ${posts}; none was found, so probabilities stay as they are.`
  return `Logits are divided by ${formatNumber(temperature)} before the softmax. The number was fitted on ${posts}, where it changes the negative log-likelihood from ${formatNumber(nllBefore)} to ${formatNumber(nllAfter)} nats.`
}

function describeError({ before, after }: SplitEvaluation['calibration']): string {
  const points = `${formatPoints(after.ece)} points off on average`
  return before.ece === after.ece
    ? `Probabilities are ${points}`
    : `Probabilities are ${points}, ${formatPoints(before.ece)} before temperature scaling`
}

function renderDiagram(measured: SplitEvaluation, labels: number): Html {
  const { calibration, evaluation, dataSet, split } = measured
  const title = describeError(calibration)
  const subtitle = `Share of right answers over the probability of the predicted label, in per cent, by 15 bins; a larger dot is more posts, a whisker the 95 % interval. ${nameFile(measured)} on ${dataSet}, ${split}; n = ${formatCount(evaluation.n)}`
  const across = makeScale([], 4, { low: Math.floor(10 / labels) / 10, high: 1 })
  const up = makeScale([], 4, { low: 0, high: 1 })
  return html`<figure class="chart"><figcaption><h3>${title}</h3><p class="muted">${subtitle}</p></figcaption>
<div class="plot square" role="img" aria-label="${title}. ${subtitle}">
<span class="side">right answers</span><span class="axis">probability</span>
${up.ticks.map((tick) => html`<span class="y" style="bottom:${up.at(tick)}%">${Math.round(tick * 100)}</span>`)}
${across.ticks.map((tick) => html`<span class="x" style="left:${across.at(tick)}%">${Math.round(tick * 100)}</span>`)}
<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
${up.ticks.map((tick) => html`<line class="grid" x1="0" x2="100" y1="${100 - up.at(tick)}" y2="${100 - up.at(tick)}"/>`)}
<line class="diagonal" x1="0" y1="${100 - up.at(across.low)}" x2="100" y2="0"/>
${calibration.after.bins.filter(({ n }) => n >= FEW).map((bin) => renderWhisker(bin, across, up))}
</svg>
${calibration.before.ece === calibration.after.ece ? '' : calibration.before.bins.map((bin) => renderDot(bin, evaluation.n, 'quiet', across, up))}
${calibration.after.bins.map((bin) => renderDot(bin, evaluation.n, 'strong', across, up))}
</div>
<p class="fine"><span class="key"></span>with the temperature ${calibration.before.ece === calibration.after.ece ? '' : html`&ensp;<span class="key quiet"></span>without &ensp;`}<span class="muted">┄ exactly as probable as said</span></p>
${renderBins(calibration)}</figure>`
}

/** Wilson's interval (1927) of the share of right answers. */
function renderWhisker({ n, accuracy, confidence }: CalibrationBin, across: Scale, up: Scale): Html {
  const z = 1.96
  const centre = (accuracy + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((accuracy * (1 - accuracy)) / n + z ** 2 / (4 * n ** 2))
  const x = across.at(confidence)
  return html`<line class="whisker" x1="${x}" x2="${x}" y1="${100 - up.at(centre - half)}" y2="${100 - up.at(centre + half)}"/>`
}

function renderDot(bin: CalibrationBin, total: number, look: string, across: Scale, up: Scale): Html {
  if (bin.n === 0) return html``
  const size = Math.round(5 + 13 * Math.sqrt(bin.n / total))
  const place = `left:${across.at(bin.confidence)}%;bottom:${up.at(bin.accuracy)}%`
  const area = `width:${size}px;height:${size}px;margin:0 0 ${-size / 2}px ${-size / 2}px`
  const said = `${formatPoints(bin.confidence)} % said, ${formatPoints(bin.accuracy)} % right, ${formatCount(bin.n)} posts`
  return html`<span class="dot ${look}" style="${place};${area}" title="${said}"></span>`
}

function renderBins({ before, after }: SplitEvaluation['calibration']): Html {
  const columns = [
    { label: 'probability' },
    ...['posts', 'mean', 'right', 'posts before', 'mean before', 'right before'].map((label) => ({
      label,
      numeric: true,
    })),
  ]
  const cells = (bin: CalibrationBin | undefined): string[] =>
    bin === undefined || bin.n === 0
      ? ['0', '–', '–']
      : [formatCount(bin.n), formatPoints(bin.confidence), formatPoints(bin.accuracy)]
  const rows = after.bins
    .map((bin, index) => ({ bin, other: before.bins[index] }))
    .filter(({ bin, other }) => bin.n + (other?.n ?? 0) > 0)
    .map(({ bin, other }) => [`${formatPoints(bin.low)} – ${formatPoints(bin.high)}`, ...cells(bin), ...cells(other)])
  return html`<details><summary>Table</summary>${renderTable(columns, rows, { rowHeads: true })}</details>`
}
