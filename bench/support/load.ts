// Load on POST /predict: so many connections, each with one request in flight, no text sent twice.
import autocannon from 'autocannon'
import { percentile } from './statistics.ts'

export interface LoadOptions {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** Gives the next text; null when there are no more, which ends the run. */
  readonly nextText: () => string | null
  /** Requests a second offered at most; without it, as many as are answered. */
  readonly rate?: number
  readonly onAnswer?: (status: number) => void
}

export interface LoadResult {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly answered: number
  readonly refused: number
  readonly failed: number
}

export function nextOf(texts: readonly string[]): () => string | null {
  let index = 0
  return () => texts[index++] ?? null
}

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const times: number[] = []
  let refused = 0
  let failed = 0
  const startedAt = performance.now()
  let lastAnswer = startedAt
  let exhausted = false
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: `${options.url}/predict`,
        connections: options.connections,
        duration: options.seconds,
        timeout: 120,
        ...(options.rate === undefined ? {} : { overallRate: options.rate }),
        requests: [
          {
            method: 'POST',
            path: '/predict',
            headers: { 'content-type': 'application/json' },
            setupRequest: (request) => {
              const text = options.nextText()
              if (text === null && !exhausted) {
                exhausted = true
                instance.stop?.()
              }
              return { ...request, body: JSON.stringify({ text: text ?? 'There are no more texts.' }) }
            },
          },
        ],
      },
      (error: unknown) => (error ? reject(error) : resolve()),
    )
    instance.on('response', (_client, status, _bytes, milliseconds) => {
      lastAnswer = performance.now()
      options.onAnswer?.(status)
      if (status === 200) times.push(milliseconds)
      else if (status === 429) refused++
      else failed++
    })
    instance.on('reqError', () => failed++)
  })
  const seconds = (lastAnswer - startedAt) / 1000
  return {
    requestsPerSecond: times.length / seconds,
    p50Ms: percentile(times, 50),
    p99Ms: percentile(times, 99),
    answered: times.length,
    refused,
    failed,
  }
}
