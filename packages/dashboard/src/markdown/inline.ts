// Words of Markdown: code, strong, emphasis, links. Nothing becomes HTML; a link leads to the web or it is text.

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const TOKEN =
  /`([^`\n]+)`|\*\*([^*\n]+)\*\*|__([^_\n]+)__|(?<![\w*])\*([^*\s][^*\n]*)\*|(?<!\w)_([^_\s][^_\n]*)_(?!\w)|\[([^\]\n]*)\]\(((?:[^()\s]|\([^()\s]*\))+)(?:\s+"[^"]*")?\)|<(https?:\/\/[^>\s]+)>/g

export function parseInline(source: string): readonly Inline[] {
  const parts: Inline[] = []
  let at = 0
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > at) parts.push({ kind: 'text', text: source.slice(at, match.index) })
    parts.push(toInline(match))
    at = match.index + match[0].length
  }
  if (at < source.length) parts.push({ kind: 'text', text: source.slice(at) })
  return parts
}

function toInline(match: RegExpExecArray): Inline {
  const [whole, code, strong, strong2, emphasis, emphasis2, label, address, bare] = match
  if (code !== undefined) return { kind: 'code', text: code }
  const bold = strong ?? strong2
  if (bold !== undefined) return { kind: 'strong', text: bold }
  const slanted = emphasis ?? emphasis2
  if (slanted !== undefined) return { kind: 'emphasis', text: slanted }
  const href = address ?? bare ?? ''
  const text = label ?? bare ?? ''
  return isWebAddress(href)
    ? { kind: 'link', text: text === '' ? href : text, href }
    : { kind: 'text', text: label ?? whole }
}

/** Only complete web addresses: `javascript:`, `data:` and addresses of this server stay text. */
function isWebAddress(href: string): boolean {
  try {
    const { protocol } = new URL(href)
    return protocol === 'https:' || protocol === 'http:'
  } catch {
    return false
  }
}
