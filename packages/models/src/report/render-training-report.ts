// The report of a training run.
import { renderData, renderLineage, renderSpeed } from './background-section.ts'
import { renderCurves } from './curves-section.ts'
import { formatDay } from './format.ts'
import { html } from './html.ts'
import { renderMistakes } from './mistakes-section.ts'
import { renderPage } from './page.ts'
import { renderReliability } from './reliability-section.ts'
import type { TrainingReportData } from './report-data.ts'
import { renderResults } from './results-section.ts'
import { reportSentence, trainingSentence } from './sentence.ts'

/** The answer first, then the evidence. Names, labels and texts are shown as they are, never as HTML. */
export function renderTrainingReport(data: TrainingReportData): string {
  const { manifest } = data
  return renderPage(
    `Training of ${manifest.name}`,
    html`<p class="fine muted">Training report, ${formatDay(manifest.created)}</p>
<h1>${reportSentence(data)}</h1>
<p>${trainingSentence(data)}</p>
${renderCurves(data)}
${renderResults(data.evaluations)}
${renderReliability(data)}
${renderMistakes(data)}
${renderData(data.dataTables ?? [])}
${renderLineage(data)}
${renderSpeed(data)}`,
  )
}
