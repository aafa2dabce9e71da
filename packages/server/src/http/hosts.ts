// Which names the server answers to: the defence against DNS rebinding.
import { isIPv4 } from 'node:net'

const MOST_REMEMBERED = 200

/** The name of a Host header in one spelling: no port, brackets, trailing dot or upper case; null where it is none. */
export function readHostName(header: string | undefined): string | null {
  if (header === undefined || !/^[A-Za-z0-9._:[\]-]+$/.test(header)) return null
  const url = `http://${header}/`
  if (!URL.canParse(url)) return null
  const { hostname } = new URL(url)
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

/** Whether an address or name, as `readHostName` spells it, is this machine to itself. */
export function isLoopback(name: string): boolean {
  if (name === 'localhost' || name === '::1') return true
  if (name.startsWith('::ffff:')) return /^::ffff:(7f[0-9a-f]{2}:[0-9a-f]{1,4}|127\.\d+\.\d+\.\d+)$/.test(name)
  return isIPv4(name) && name.startsWith('127.')
}

/** Whether listening on `host` can only be reached from this machine. */
export function isLoopbackAddress(host: string): boolean {
  const name = readHostName(host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)
  return name !== null && isLoopback(name)
}

export type HostCheck = (header: string | undefined) => boolean

/** `open`: any name is answered, as credentials guard the server and no name was configured. */
export function createHostCheck(options: { readonly allowed: readonly string[]; readonly open: boolean }): HostCheck {
  if (options.open) return () => true
  const allowed = new Set(options.allowed)
  const known = new Map<string, boolean>()
  return (header) => {
    if (header === undefined) return false
    const before = known.get(header)
    if (before !== undefined) return before
    const name = readHostName(header)
    const answer = name !== null && (isLoopback(name) || allowed.has(name))
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(header, answer)
    return answer
  }
}
