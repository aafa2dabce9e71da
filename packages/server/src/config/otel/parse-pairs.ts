// Lists such as "key=value,key2=value2" with percent-encoded values, as variables of OpenTelemetry have them.

/** In the order of the list. Throws an Error that says which is wrong, without repeating it: it may be a secret. */
export function parsePairs(text: string): readonly (readonly [key: string, value: string])[] {
  return text.split(',').flatMap((item, index) => (item.trim() === '' ? [] : [parsePair(item, index + 1)]))
}

function parsePair(item: string, position: number): readonly [string, string] {
  const equals = item.indexOf('=')
  const key = decode(item.slice(0, Math.max(equals, 0)))
  const value = decode(item.slice(equals + 1))
  if (equals > 0 && key !== null && key !== '' && value !== null) return [key, value]
  throw new Error(`entry ${position}: expected key=value, percent-encoded and separated by commas`)
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.trim())
  } catch {
    return null
  }
}

/** As a request carries them. Throws as parsePairs does. */
export function parseHeaderPairs(text: string): Readonly<Record<string, string>> {
  const headers = new Headers()
  for (const [index, [name, value]] of parsePairs(text).entries()) {
    if (value === '' || !canSet(headers, name, value)) {
      throw new Error(`header ${index + 1}: expected a name and a value that a request can carry`)
    }
  }
  return Object.fromEntries(headers)
}

/** Whether a request can carry it; it is set then. */
export function canSet(headers: Headers, name: string, value: string): boolean {
  try {
    headers.set(name, value)
    return true
  } catch {
    return false
  }
}
