// Tells when a client goes away before its answer: what it asked for isn't computed then.
import type { FastifyReply } from 'fastify'

/**
 * Of the reply's side, because a request is closed as soon as its body has been read: Fastify's `request.signal`, which
 * follows that, is aborted before any handler of a POST has its answer.
 */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}
