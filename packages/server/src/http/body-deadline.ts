// A body that arrives too slowly is given up.
import type { onRequestHookHandler } from 'fastify'
import { ApiError } from '../errors.ts'

/**
 * For `onRequest` of a hot route, whose handler has a deadline of its own. Fastify's `handlerTimeout`, which ends with the
 * body as well, makes an abort signal for each request: an eighth of what this process does for a prediction.
 */
export function bodyDeadline(ms: number): onRequestHookHandler {
  return (request, reply, done) => {
    const timer = setTimeout(() => {
      if (!reply.sent) reply.send(new ApiError('REQUEST_TIMEOUT'))
    }, ms)
    const stop = (): void => clearTimeout(timer)
    request.raw.once('end', stop).once('close', stop)
    done()
  }
}
