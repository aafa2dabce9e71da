// GET /api/v1/scorings/:id/events: how a scoring gets on, as server-sent events.
import { PassThrough } from 'node:stream'
import type { Scoring, ScoringEvent } from '@renown/contract'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { file, needs, problems } from '../http/routes.ts'
import { isFinal, type Job } from '../scorings/job.ts'
import { SCORING_TAGS, SCORINGS, ScoringParams, type ScoringRoute } from './scorings.ts'

const EVERY_MS = 250
const HEARTBEAT_MS = 15_000
const RETRY_MS = 2000
/** A reader that is this far behind gets no progress until it has caught up; the end always comes. */
const BEHIND_BYTES = 65_536

export function registerScoringEvents(app: App, { scorings }: Context): void {
  const open = new Set<PassThrough>()
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end()
  })
  const schema = {
    operationId: 'watchScoring',
    summary: 'Progress of a scoring as server-sent events',
    description:
      'Starts with the state as it is, then `progress` at most four times a second, and ends with `done`, `failed` or `cancelled`. The data is a Scoring without preview.',
    tags: SCORING_TAGS,
    params: ScoringParams,
    'x-responses': { 200: file('A stream of events.', 'text/event-stream'), ...problems('SCORING_NOT_FOUND') },
  }
  app.get<ScoringRoute>(`${SCORINGS}/:id/events`, { schema, config: needs('read') }, async (request, reply) => {
    const stream = openEvents(scorings.find(request.params.id))
    open.add(stream)
    stream.once('close', () => open.delete(stream))
    return await reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream)
  })
}

/** Writes the state now and after each change, until the job is at its end or the reader goes away. */
function openEvents(job: Job): PassThrough {
  const stream = new PassThrough()
  let due: NodeJS.Timeout | null = null
  let sentAt = Number.NEGATIVE_INFINITY

  function send(): void {
    due = null
    sentAt = Date.now()
    const ended = isFinal(job.status)
    if (!ended && stream.writableLength > BEHIND_BYTES) return
    stream.write(renderEvent(job.show({ preview: false })))
    if (ended) stream.end()
  }
  function schedule(): void {
    if (stream.writableEnded) return
    if (isFinal(job.status)) send()
    else due ??= setTimeout(send, Math.max(0, sentAt + EVERY_MS - Date.now()))
  }

  const unwatch = job.watch(schedule)
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS)
  function stop(): void {
    unwatch()
    clearInterval(heartbeat)
    if (due !== null) clearTimeout(due)
  }
  // 'finish' where we ended it, 'close' where the reader went away.
  stream.once('finish', stop).once('close', stop)
  stream.write(`retry: ${RETRY_MS}\n\n`)
  send()
  return stream
}

function renderEvent(scoring: Scoring): string {
  return `event: ${eventOf(scoring)}\ndata: ${JSON.stringify(scoring)}\n\n`
}

function eventOf({ status }: Scoring): ScoringEvent {
  return status === 'done' || status === 'failed' || status === 'cancelled' ? status : 'progress'
}
