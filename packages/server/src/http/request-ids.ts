// The id of a request, in the log, in its answer and in its problem.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const SANE = /^[\w.:-]{1,64}$/

/** Takes the caller's x-request-id where it is harmless, and makes one otherwise. */
export function createRequestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const start = randomBytes(5).toString('hex')
  let count = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    return typeof given === 'string' && SANE.test(given) ? given : `${start}-${(count++).toString(36)}`
  }
}
