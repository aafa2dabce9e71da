// Text tables for terminals.

/** Columns as wide as their widest cell; those of numbers are set right. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, column) => {
    const cells = rows.map((row) => row[column] ?? '')
    const width = Math.max(displayWidth(title), ...cells.map(displayWidth))
    return { width, isNumeric: cells.every((cell) => cell === '' || NUMBER.test(cell)) }
  })
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ width, isNumeric }, column) => padCell(cells[column] ?? '', width, isNumeric))
      .join('  ')
      .trimEnd()
  return [line(head), columns.map(({ width }) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

const NUMBER = /^[-+–]?[\d.,]+( %)?$/

function padCell(cell: string, width: number, isNumeric: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(cell)))
  return isNumeric ? space + cell : cell + space
}

/** On one line, without characters that move the cursor, and cut to a width. */
export function fitText(text: string, width: number): string {
  const line = cleanText(text)
  if (displayWidth(line) <= width) return line
  let used = 0
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    used += displayWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

// Control characters, and the marks that change the direction of what follows.
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu

export function cleanText(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim()
}

// East Asian wide characters and emoji take two cells (Unicode Standard Annex 11, the common ranges).
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u

function displayWidth(text: string): number {
  let width = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) width += WIDE.test(segment) ? 2 : 1
  return width
}
