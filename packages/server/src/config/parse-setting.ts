// From what a person wrote to the value of a setting. Each parser throws an Error that says what is expected.
import { isIP } from 'node:net'

export type ParseSetting<T> = (value: unknown) => T

export function parseText(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  throw new Error('expected text')
}

export function wholeNumber(least: number, most: number): ParseSetting<number> {
  return (value) => {
    const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number
    throw new Error(`expected a whole number from ${least} to ${most}`)
  }
}

/** A whole number, or the word for none. */
export function wholeNumberOr<const W extends string>(word: W, least: number, most: number): ParseSetting<number | W> {
  const parse = wholeNumber(least, most)
  return (value) => {
    if (value === word) return word
    try {
      return parse(value)
    } catch {
      throw new Error(`expected a whole number from ${least} to ${most}, or ${word}`)
    }
  }
}

/** Public keys of those whose models are trusted. */
export function parseTrustedKeys(value: unknown): readonly string[] {
  const keys = parseList(value)
  if (keys.every((key) => /^ed25519:[\w-]{43}$/.test(key))) return keys
  throw new Error('expected public keys, separated by commas, as `renown models keygen` prints them')
}

/** A share of 1, such as 0.25. */
export function parseShare(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && number >= 0 && number <= 1) return number
  throw new Error('expected a share from 0 to 1, such as 0.25')
}

/** Where a collector takes traces: the whole address, or its beginning, to which OTLP's own path is added; or off. */
export function parseTracesEndpoint(value: unknown): string {
  if (value === 'off') return value
  const url = parseCollector(value, ', or off')
  if (url.pathname === '/') url.pathname = '/v1/traces'
  return url.href
}

/** An address over HTTP. A name and a password in it would be refused with every span, and get into the log. */
export function parseCollector(value: unknown, otherwise = ''): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Error(`expected an address such as http://127.0.0.1:4318${otherwise}`)
  }
  if (url.username === '' && url.password === '') return url
  throw new Error('expected an address without a name or password in it: credentials go along as headers')
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 }

/** Bytes: 4194304, "4 MB", "2GB" (powers of 1,024). */
export function parseBytes(value: unknown): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmg]?b?)\s*$/i.exec(String(value))
  const [, number, unit = ''] = match ?? []
  const factor = UNITS[unit.length === 1 && unit.toLowerCase() !== 'b' ? `${unit.toLowerCase()}b` : unit.toLowerCase()]
  const bytes = Math.floor(Number(number) * (factor ?? Number.NaN))
  if (Number.isSafeInteger(bytes) && bytes >= 1024) return bytes
  throw new Error('expected a size of at least 1 KB, such as 4194304, "4 MB" or "2 GB"')
}

export function oneOf<const W extends readonly string[]>(values: W): ParseSetting<W[number]> {
  return (value) => {
    const found = values.find((word) => word === value)
    if (found !== undefined) return found
    throw new Error(`expected one of ${values.join(', ')}`)
  }
}

function parseList(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : null
  if (items?.every((item) => typeof item === 'string')) return items.map((item) => item.trim()).filter((i) => i !== '')
  throw new Error('expected a list, separated by commas')
}

/** Origins such as https://example.org: scheme, name and port, nothing behind. */
export function parseOrigins(value: unknown): readonly string[] {
  return parseList(value).map((item) => {
    const origin = URL.canParse(item) ? new URL(item) : null
    const isOrigin = origin !== null && /^https?:$/.test(origin.protocol) && origin.origin === item.replace(/\/$/, '')
    if (isOrigin) return origin.origin
    throw new Error(`expected origins such as https://example.org, got "${item}"`)
  })
}

/** Host names or addresses, without scheme and port. */
export function parseHosts(value: unknown): readonly string[] {
  return parseList(value).map((item) => {
    const host = item
      .toLowerCase()
      .replace(/^\[(.*)\]$/, '$1')
      .replace(/\.$/, '')
    if (isIP(host) > 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(host)) return host
    throw new Error(`expected host names such as renown.example.org, without scheme and port, got "${item}"`)
  })
}

/** Addresses or ranges (10.0.0.0/8) of proxies. */
export function parseAddresses(value: unknown): readonly string[] {
  return parseList(value).map((item) => {
    const [address = '', bits] = item.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    if (version > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))) return item
    throw new Error(`expected addresses or ranges such as 10.0.0.0/8, got "${item}"`)
  })
}
