// The report of a training run: one HTML file that needs nothing else, readable without a script.
import { renderData, renderLineage, renderSpeed } from './background-section.ts'
import { renderCurves } from './curves-section.ts'
import { formatDay } from './format.ts'
import { html, trustedHtml } from './html.ts'
import { renderMistakes } from './mistakes-section.ts'
import { renderReliability } from './reliability-section.ts'
import type { TrainingReportData } from './report-data.ts'
import { renderResults } from './results-section.ts'
import { reportSentence, trainingSentence } from './sentence.ts'
import { STYLE } from './style.ts'

/** The answer first, then the evidence. Names, labels and texts are shown as they are, never as HTML. */
export function renderTrainingReport(data: TrainingReportData): string {
  const { manifest } = data
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Training of ${manifest.name}</title>
<style>${trustedHtml(STYLE)}</style>
</head>
<body>
<main>
<p class="fine muted">Training report, ${formatDay(manifest.created)}</p>
<h1>${reportSentence(data)}</h1>
<p>${trainingSentence(data)}</p>
${renderCurves(data)}
${renderResults(data.evaluations)}
${renderReliability(data)}
${renderMistakes(data)}
${renderData(data.dataTables ?? [])}
${renderLineage(data)}
${renderSpeed(data)}
</main>
</body>
</html>
`
  return page.html
}
