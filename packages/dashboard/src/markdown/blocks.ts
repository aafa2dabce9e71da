// The little Markdown that model cards use, as data: blocks first, then the words inside.
import { type Inline, parseInline } from './inline.ts'

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly text: readonly Inline[] }
  | { readonly kind: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'rule' }

export type Cell = readonly Inline[]

interface Taken {
  readonly block: Block | null
  readonly used: number
}

const ITEM = /^\s{0,3}(?:[-*+]|\d{1,9}[.)])\s+(.*)$/
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/

/** Front matter and comments are left out; what is not understood stays as text. */
export function parseMarkdown(source: string): readonly Block[] {
  const lines = withoutComments(withoutFrontMatter(source.replace(/\r\n?/g, '\n'))).split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const { block, used } = takeBlock(lines.slice(at, at + 2000))
    if (block !== null) blocks.push(block)
    at += Math.max(1, used)
  }
  return blocks
}

function withoutFrontMatter(source: string): string {
  const match = /^---\n[\s\S]*?\n---\n?/.exec(source)
  return match === null ? source : source.slice(match[0].length)
}

/** Comments that have their lines to themselves; one inside a line stays text. */
function withoutComments(source: string): string {
  return source.replace(/^<!--[\s\S]*?-->[ \t]*$/gm, '')
}

function takeBlock(lines: readonly string[]): Taken {
  const line = lines[0] ?? ''
  if (line.trim() === '') return { block: null, used: 1 }
  if (/^\s{0,3}(```|~~~)/.test(line)) return takeCode(lines)
  const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line)
  if (heading !== null) {
    return { block: { kind: 'heading', level: heading[1]?.length ?? 1, text: parseInline(heading[2] ?? '') }, used: 1 }
  }
  if (RULE.test(line)) return { block: { kind: 'rule' }, used: 1 }
  if (line.includes('|') && TABLE_RULE.test(lines[1] ?? '')) return takeTable(lines)
  if (ITEM.test(line)) return takeList(lines)
  if (/^\s{0,3}>/.test(line)) return takeQuote(lines)
  return takeParagraph(lines)
}

function takeCode(lines: readonly string[]): Taken {
  const fence = (lines[0] ?? '').trim().slice(0, 3)
  const end = lines.findIndex((line, index) => index > 0 && line.trim().startsWith(fence))
  const last = end === -1 ? lines.length : end
  return { block: { kind: 'code', text: lines.slice(1, last).join('\n') }, used: last + 1 }
}

function takeTable(lines: readonly string[]): Taken {
  const end = lines.findIndex((line) => !line.includes('|'))
  const last = end === -1 ? lines.length : end
  const [head, , ...rows] = lines.slice(0, last).map(parseCells)
  return { block: { kind: 'table', head: head ?? [], rows }, used: last }
}

function parseCells(line: string): readonly Cell[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')))
}

function takeList(lines: readonly string[]): Taken {
  const items: string[] = []
  let used = 0
  for (const line of lines) {
    const item = ITEM.exec(line)
    if (item !== null) items.push(item[1] ?? '')
    else if (/^\s+\S/.test(line) && items.length > 0) items[items.length - 1] += ` ${line.trim()}`
    else break
    used++
  }
  const ordered = /^\s*\d/.test(lines[0] ?? '')
  return { block: { kind: 'list', ordered, items: items.map(parseInline) }, used }
}

function takeQuote(lines: readonly string[]): Taken {
  const end = lines.findIndex((line) => !/^\s{0,3}>/.test(line))
  const quoted = lines.slice(0, end === -1 ? lines.length : end)
  const text = quoted.map((line) => line.replace(/^\s{0,3}>\s?/, '')).join(' ')
  return { block: { kind: 'quote', text: parseInline(text) }, used: quoted.length }
}

function takeParagraph(lines: readonly string[]): Taken {
  const end = lines.findIndex((line, index) => index > 0 && (line.trim() === '' || startsBlock(line)))
  const own = lines.slice(0, end === -1 ? lines.length : end)
  return { block: { kind: 'paragraph', text: parseInline(own.map((line) => line.trim()).join(' ')) }, used: own.length }
}

function startsBlock(line: string): boolean {
  return /^\s{0,3}(#{1,6}\s|```|~~~|>)/.test(line) || ITEM.test(line)
}
