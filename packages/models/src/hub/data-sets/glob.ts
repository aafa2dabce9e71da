// Patterns of file names, as data set cards use them: `*`, `**`, `?`, `[…]` and `{a,b}`.

/** A test for whole paths. `*` stays inside a folder, `**` doesn't. A pattern that can't be read matches itself alone. */
export function matchPattern(pattern: string): (path: string) => boolean {
  const source = toSource(pattern.replace(/^\.\//, ''))
  try {
    const expression = new RegExp(`^${source}$`)
    return (path) => expression.test(path)
  } catch {
    return (path) => path === pattern
  }
}

const TOKENS = /\*\*\/|\*+|\?|\[[^\]]+\]|\{[^{}]*\}|[^*?[{]+|[[{]/g

function toSource(pattern: string): string {
  return (pattern.match(TOKENS) ?? []).map(tokenSource).join('')
}

function tokenSource(token: string): string {
  if (token === '**/') return '(?:.*/)?'
  if (token === '*') return '[^/]*'
  if (token.startsWith('**')) return '.*'
  if (token === '?') return '[^/]'
  if (/^\[.+\]$/.test(token)) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
  if (/^\{.*\}$/.test(token)) return `(?:${token.slice(1, -1).split(',').map(toSource).join('|')})`
  return token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
