// Why an address can't be listened on, in words that help.
import { codeOf, ServerError } from '../errors.ts'

export interface ListenPlace {
  readonly host: string
  readonly port: number
  /** What the port is set with: a flag, or several names. */
  readonly flag: string
}

/** PORT_IN_USE or ADDRESS_UNAVAILABLE; anything else as it is. */
export function explainListen(cause: unknown, { host, port, flag }: ListenPlace): unknown {
  const code = codeOf(cause)
  if (code === 'EADDRINUSE') {
    const advice = `Choose another with ${flag} (0 takes a free one), or stop what uses it.`
    return new ServerError('PORT_IN_USE', `Port ${port} on ${host} is in use. ${advice}`, { cause })
  }
  if (code === 'EACCES') {
    const message = `Port ${port} on ${host} may not be used by this user. Choose one above 1023 with ${flag}.`
    return new ServerError('ADDRESS_UNAVAILABLE', message, { cause })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAFNOSUPPORT') {
    const message = `${host} is not an address of this machine. Choose one with ${flag.replaceAll('port', 'host').replaceAll('PORT', 'HOST')}.`
    return new ServerError('ADDRESS_UNAVAILABLE', message, { cause })
  }
  return cause
}
