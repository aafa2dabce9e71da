// What is left of a post when two posts are compared: its words, not how they are written.
import { TWEET_PREPARATION } from '../text/preparation.ts'
import { prepareText } from '../text/prepare-text.ts'

const APOSTROPHES = /['’‘`´]/g
// Emoji stay (they are \p{So}): a smile and a tear make two posts of one sentence.
const SIGNS = /[\p{P}\p{Sm}\p{Sc}\p{Sk}\p{Z}\p{Cc}\p{Cf}]+/gu
const PLACEHOLDERS = /(?<![\p{L}\p{N}_])(?:@user|http)(?![\p{L}\p{N}_])/gu

/**
 * Two posts are the same when their forms are: escapes and entities decoded, lower case, without mentions, web addresses,
 * their placeholders (`@user`, `http`) and punctuation, one space between words. A post without any words is only
 * stripped of its white space and capitals. Empty for a text without a visible character.
 */
export function comparisonForm(text: string): string {
  const prepared = prepareText(text, TWEET_PREPARATION).normalize('NFKC').toLowerCase()
  const words = prepared.replace(PLACEHOLDERS, ' ').replace(APOSTROPHES, '').replace(SIGNS, ' ').trim()
  return words === '' ? text.trim().replace(/\s+/g, ' ').toLowerCase() : words
}
