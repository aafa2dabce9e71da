// A post as the model was taught to read it: the one function for training, evaluation and serving.
import { decodeHTMLStrict } from 'entities/decode'
import { decodeEscapes } from './escapes.ts'
import { replaceMentions } from './mentions.ts'
import type { Preparation } from './preparation.ts'
import { type Stretch, splitUrls } from './urls.ts'
import { toWellFormed } from './well-formed.ts'

/**
 * Prepares a post. In this order, each step only where the preparation asks for it:
 *
 * 1. literal escapes (`\u2019`), which may hide entities and parts of addresses;
 * 2. HTML entities that end in a semicolon, once: `&amp;lt;` becomes `&lt;`;
 * 3. always: lone surrogates become U+FFFD;
 * 4. web addresses: kept, `http`, or left out with the space before them;
 * 5. mentions outside of web addresses: `@user`.
 *
 * Steps 3 to 5 change nothing in a text that went through them; steps 1 and 2 must run once. Linear in the text's length.
 */
export function prepareText(text: string, preparation: Preparation): string {
  let prepared = preparation.escapes === 'decode' ? decodeEscapes(text) : text
  if (preparation.entities === 'decode' && prepared.includes('&')) prepared = decodeHTMLStrict(prepared)
  return replaceAddresses(toWellFormed(prepared), preparation)
}

function replaceAddresses(text: string, { urls, mentions }: Preparation): string {
  const names = (part: string): string => (mentions === '@user' ? replaceMentions(part) : part)
  const stretches = splitUrls(text)
  switch (urls) {
    case 'keep':
      return stretches.map((stretch) => (stretch.isUrl ? stretch.text : names(stretch.text))).join('')
    case 'http':
      return names(stretches.map((stretch) => (stretch.isUrl ? 'http' : stretch.text)).join(''))
    case 'drop':
      return names(dropUrls(stretches))
  }
}

function dropUrls(stretches: readonly Stretch[]): string {
  let text = ''
  for (const [index, stretch] of stretches.entries()) {
    if (stretch.isUrl) continue
    const rest = stretch.text
    text += stretches[index + 1]?.isUrl && rest.endsWith(' ') ? rest.slice(0, -1) : rest
  }
  return stretches[0]?.isUrl ? text.trimStart() : text
}
