// Which paths a manifest may name: relative, with forward slashes, inside the folder.

/** Why a path in a manifest is refused, or null when it is fine. */
export function checkRelativePath(path: string): string | null {
  if (/^([a-zA-Z]:|[/\\])/.test(path)) return 'not absolute'
  if (path.includes('\\')) return 'with forward slashes'
  if (hasControlCharacter(path)) return 'without control characters'
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'without "..", "." or empty parts'
  return null
}

function hasControlCharacter(path: string): boolean {
  return [...path].some((character) => character < ' ' || character === '\u007f')
}
