// Literal escapes: the six characters \u2019 instead of one.

const ESCAPE = /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\"{1,2}/g

/**
 * Decodes `\uXXXX` (a pair of them may be one character beyond U+FFFF), `\UXXXXXXXX`, and `\""` or `\"`, which CSV files
 * that were escaped twice leave for a quotation mark. Other backslashes stay.
 */
export function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (match: string, short?: string, long?: string) => {
    if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16))
    if (long === undefined) return '"'
    const codePoint = Number.parseInt(long, 16)
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : match
  })
}
