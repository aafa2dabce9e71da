// Tokens that are found in the raw text before anything else: special tokens, and what a model's owner added.
import { isRecord, type JsonRecord } from './json-values.ts'

interface AddedToken {
  readonly id: number
  readonly lstrip: boolean
  readonly rstrip: boolean
  readonly singleWord: boolean
}

/** Calls back for the stretches between added tokens and for the tokens themselves, in order. */
export interface SectionVisitor {
  text(section: string): void
  token(id: number): void
}

export type SectionSplitter = (text: string, visit: SectionVisitor) => void

const WORD_CHARACTER = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u

/** A splitter for the `added_tokens` of a tokenizer.json: leftmost match, the longest token at that place. */
export function createSectionSplitter(added: readonly JsonRecord[]): SectionSplitter {
  const tokens = new Map<string, AddedToken>()
  for (const token of added) {
    if (typeof token.content !== 'string' || token.content === '' || typeof token.id !== 'number') continue
    tokens.set(token.content, {
      id: token.id,
      lstrip: token.lstrip === true,
      rstrip: token.rstrip === true,
      singleWord: token.single_word === true,
    })
  }
  if (tokens.size === 0) return (text, visit) => visit.text(text)
  const contents = [...tokens.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(contents.map(escapeRegExp).join('|'), 'g')
  return (text, visit) => splitSections(text, pattern, tokens, visit)
}

function splitSections(
  text: string,
  pattern: RegExp,
  tokens: ReadonlyMap<string, AddedToken>,
  visit: SectionVisitor,
): void {
  let start = 0
  for (const match of text.matchAll(pattern)) {
    const token = tokens.get(match[0])
    const end = match.index + match[0].length
    if (!token || match.index < start || (token.singleWord && !isSingleWord(text, match.index, end))) continue
    const before = text.slice(start, match.index)
    const section = token.lstrip ? before.trimEnd() : before
    if (section !== '') visit.text(section)
    visit.token(token.id)
    start = token.rstrip ? end + leadingSpace(text, end) : end
  }
  if (start < text.length) visit.text(start === 0 ? text : text.slice(start))
}

function isSingleWord(text: string, start: number, end: number): boolean {
  const before = start > 0 ? text.slice(start - 1, start) : ''
  const after = text.slice(end, end + 1)
  return !WORD_CHARACTER.test(before) && !WORD_CHARACTER.test(after)
}

function leadingSpace(text: string, index: number): number {
  const rest = text.slice(index)
  return rest.length - rest.trimStart().length
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** The added tokens of a tokenizer definition, whatever else stands there. */
export function listAddedTokens(definition: JsonRecord): readonly JsonRecord[] {
  return Array.isArray(definition.added_tokens) ? definition.added_tokens.filter(isRecord) : []
}
