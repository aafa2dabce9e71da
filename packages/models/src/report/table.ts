// A table that scrolls by itself where the screen is narrow.
import { type Html, type HtmlPart, html } from './html.ts'

export interface Column {
  readonly label: string
  /** Its cells stand to the right. */
  readonly numeric?: boolean
}

export interface TableOptions {
  /** The first cell of a row names the row. */
  readonly rowHeads?: boolean
  readonly caption?: string
  /** For each row what stands under it, over the whole width. */
  readonly under?: readonly HtmlPart[]
}

export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly HtmlPart[])[],
  options: TableOptions = {},
): Html {
  const look = (index: number): string => (columns[index]?.numeric === true ? 'number' : 'text')
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${options.caption ?? 'Table'}"><table>
${options.caption === undefined ? '' : html`<caption>${options.caption}</caption>`}
<thead><tr>${columns.map(({ label }, index) => html`<th scope="col" class="${look(index)}">${label}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row, at) =>
      html`<tr${options.under === undefined ? '' : html` class="over"`}>${row.map((cell, index) =>
        options.rowHeads === true && index === 0
          ? html`<th scope="row" class="${look(index)}">${cell}</th>`
          : html`<td class="${look(index)}">${cell}</td>`,
      )}</tr>
${options.under === undefined ? '' : html`<tr><td colspan="${columns.length}">${options.under[at] ?? ''}</td></tr>`}`,
  )}</tbody></table></div>`
}
