// The frame of a report: one HTML file that needs nothing else, readable without a script.
import { type Html, html, trustedHtml } from './html.ts'
import { STYLE } from './style.ts'

/** The title is shown as it is, never as HTML. */
export function renderPage(title: string, body: Html): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${trustedHtml(STYLE)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
  return page.html
}
