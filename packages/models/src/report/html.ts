// HTML that is escaped by construction: what is put into a template is text, unless it is HTML already.

export interface Html {
  readonly html: string
}

export type HtmlPart = string | number | Html | readonly HtmlPart[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template whose strings are escaped, for the text of elements and for quoted attributes. */
export function html(template: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { html: template.reduce((done, piece, index) => `${done}${renderPart(parts[index - 1] ?? '')}${piece}`) }
}

/** HTML that we wrote ourselves: a style sheet. */
export function trustedHtml(text: string): Html {
  return { html: text }
}

function renderPart(part: HtmlPart): string {
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(renderPart).join('')
}

/** Controls that HTML forbids become the replacement character, and so do halves of surrogate pairs. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign).replace(FORBIDDEN, '\ufffd')
}

/** Controls but tab and line ends, and surrogates that stand alone. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu
