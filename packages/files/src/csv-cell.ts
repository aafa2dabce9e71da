// One cell of a CSV file: quoted where RFC 4180 wants it, harmless where a spreadsheet opens it.
import { cellText } from './rows.ts'

/** A spreadsheet takes a cell for a formula that starts so (OWASP, CSV Injection), the wide forms too. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/

/** With `neutralize`, an apostrophe goes before what a spreadsheet would run; plain negative numbers stay as they are. */
export function csvCell(value: unknown, neutralize: boolean): string {
  const text = cellText(value) ?? ''
  const safe = neutralize && FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A record with its line end. A lone empty cell is quoted, else it would be a blank line, which is no record. */
export function csvRecord(values: readonly unknown[], neutralize: boolean): string {
  const record = values.map((value) => csvCell(value, neutralize)).join(',')
  return `${record === '' && values.length === 1 ? '""' : record}\r\n`
}
