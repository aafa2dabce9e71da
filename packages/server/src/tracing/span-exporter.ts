// Sends spans to a collector, a few hundred at a time, and never makes anybody wait: what can't be sent is dropped, and counted.
import type { SpanOutcome } from '../metrics/trace-metrics.ts'
import { type AttributeValue, renderSpans, type Span } from './span.ts'

const MOST_WAITING = 4096
const MOST_AT_ONCE = 512
const SEND_EVERY_MS = 2000
const TIMEOUT_MS = 5000
/** Answers that ask for another try (OTLP/HTTP). */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504])
const MOST_TRIES = 3

export interface SpanExporter {
  add(span: Span): void
  /** Sends what waits, and ends; for a collector that fails or hangs, what waits is given up. */
  close(): Promise<void>
}

export interface SpanExporterOptions {
  /** Where spans are posted to, such as http://127.0.0.1:4318/v1/traces. */
  readonly url: string
  /** Headers that the collector wants, such as credentials. */
  readonly headers?: Readonly<Record<string, string>>
  readonly resource: Readonly<Record<string, AttributeValue>>
  readonly count: (outcome: SpanOutcome, spans: number) => void
  /** Told once for each time that sending begins to fail. */
  readonly onTrouble: (reason: string) => void
  /** How long the collector may take to answer. */
  readonly timeoutMs?: number
}

export function createSpanExporter(options: SpanExporterOptions): SpanExporter {
  const { count } = options
  let waiting: Span[] = []
  /** Handed over and not sent yet. */
  let unsent = 0
  let sending: Promise<void> = Promise.resolve()
  let isFailing = false
  let isClosing = false
  const timer = setInterval(sendAll, SEND_EVERY_MS)
  timer.unref()

  function sendAll(): void {
    while (waiting.length > 0) {
      const spans = waiting.slice(0, MOST_AT_ONCE)
      waiting = waiting.slice(MOST_AT_ONCE)
      unsent += spans.length
      sending = sending.then(() => send(spans))
    }
  }
  async function send(spans: readonly Span[]): Promise<void> {
    const reason = isClosing && isFailing ? 'given up' : await post(renderSpans(spans, options.resource), options)
    unsent -= spans.length
    count(reason === null ? 'sent' : 'failed', spans.length)
    if (reason !== null && !isFailing) options.onTrouble(reason)
    isFailing = reason !== null
  }

  return {
    add(span) {
      if (waiting.length + unsent >= MOST_WAITING) {
        count('dropped', 1)
        return
      }
      waiting.push(span)
      if (waiting.length >= MOST_AT_ONCE) sendAll()
    },
    async close() {
      clearInterval(timer)
      isClosing = true
      sendAll()
      await sending
    },
  }
}

/** Null where it arrived, or why not. Never rejects. */
async function post(
  body: string,
  { url, headers: own, timeoutMs = TIMEOUT_MS }: SpanExporterOptions,
): Promise<string | null> {
  let reason = ''
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    try {
      const headers = { ...own, 'content-type': 'application/json' }
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) })
      await response.body?.cancel()
      if (response.ok) return null
      reason = `${url} answered ${response.status}`
      if (!AGAIN.has(response.status)) return reason
    } catch (error) {
      // A collector that isn't there is not waited for: the next spans find out whether it is back.
      return `${url} can't be reached: ${describe(error)}`
    }
    await pause(attempt * 200)
  }
  return reason
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
