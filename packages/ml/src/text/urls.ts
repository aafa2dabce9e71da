// Finding web addresses in posts.

// An address ends at white space, quotation marks, an ellipsis, an emoji, or a script that is written without spaces.
const URL_REST = '[^\\s<>"“”„«»…\\u2e80-\\u9fff\\uac00-\\ud7af\\uff00-\\uffef\\p{Extended_Pictographic}]+'
const URL_START = [
  '(?<![A-Za-z0-9_])https?:\\/\\/',
  '(?<![A-Za-z0-9_.@/-])(?:www\\.(?=[a-z0-9-]{1,63}\\.[a-z])|pic\\.twitter\\.com\\/|t\\.co\\/)',
].join('|')
const URL_IN_TEXT = new RegExp(`(?:${URL_START})${URL_REST}`, 'giu')

const CLOSING = new Set('.,!?;:\'"*~]}')

/** A stretch of a text: a web address, or what stands between two of them. */
export interface Stretch {
  readonly text: string
  readonly isUrl: boolean
}

/** Splits a text into web addresses and the rest; joined again they are the text. Linear in the text's length. */
export function splitUrls(text: string): Stretch[] {
  const stretches: Stretch[] = []
  let start = 0
  for (const match of text.matchAll(URL_IN_TEXT)) {
    const url = withoutClosing(match[0])
    if (url === undefined) continue
    if (match.index > start) stretches.push({ text: text.slice(start, match.index), isUrl: false })
    stretches.push({ text: url, isUrl: true })
    start = match.index + url.length
  }
  if (start < text.length) stretches.push({ text: text.slice(start), isUrl: false })
  return stretches
}

/** The address without the punctuation of the sentence around it; undefined if nothing is left after `https://`. */
function withoutClosing(url: string): string | undefined {
  let unopened = count(url, ')') - count(url, '(')
  let end = url.length
  for (; end > 0; end--) {
    const last = url.charAt(end - 1)
    if (last === ')' && unopened > 0) unopened--
    else if (!CLOSING.has(last)) break
  }
  const trimmed = url.slice(0, end)
  return /^(?:https?:?\/*|www)$/i.test(trimmed) ? undefined : trimmed
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
