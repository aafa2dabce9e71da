// Load on POST /predict: so many connections, each with one request in flight, no text sent twice. Over bare sockets: the
// load shares its cores with the server that is measured, so that what a client costs would be missing there.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AnswerReader } from './answer-reader.ts'
import { percentile } from './statistics.ts'

export interface LoadOptions {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** Gives the next text; null when there are no more, which ends the run. */
  readonly nextText: () => string | null
  /** Requests a second offered at most; without it, as many as are answered. */
  readonly rate?: number
  readonly onAnswer?: (status: number, ms: number) => void
}

export interface LoadResult {
  readonly requestsPerSecond: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly answered: number
  readonly refused: number
  readonly failed: number
}

const ANSWER_MS = 120_000

export function nextOf(texts: readonly string[]): () => string | null {
  let index = 0
  return () => texts[index++] ?? null
}

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const run = new LoadRun(options)
  await Promise.all(Array.from({ length: options.connections }, () => run.keepAsking()))
  return run.result()
}

class LoadRun {
  readonly #options: LoadOptions
  readonly #host: string
  readonly #port: number
  readonly #startedAt = performance.now()
  readonly #times: number[] = []
  #lastAnswer = this.#startedAt
  #asked = 0
  #refused = 0
  #failed = 0

  constructor(options: LoadOptions) {
    const { hostname, port } = new URL(options.url)
    this.#options = options
    this.#host = hostname
    this.#port = Number(port)
  }

  /** One connection from the start of the run to its end; one that breaks is opened anew. */
  async keepAsking(): Promise<void> {
    for (let text = await this.#next(); text !== null; ) {
      const socket = connect(this.#port, this.#host).setNoDelay(true)
      const reader = new AnswerReader(socket)
      try {
        await once(socket, 'connect')
        for (; text !== null && reader.isOpen; text = await this.#next()) await this.#ask(socket, reader, text)
      } catch {
        this.#failed++
        text = await this.#next()
      } finally {
        socket.destroy()
      }
    }
  }

  result(): LoadResult {
    const seconds = (this.#lastAnswer - this.#startedAt) / 1000
    const times = this.#times
    return {
      requestsPerSecond: times.length / seconds,
      meanMs: times.reduce((sum, ms) => sum + ms, 0) / times.length,
      p50Ms: percentile(times, 50),
      p99Ms: percentile(times, 99),
      answered: times.length,
      refused: this.#refused,
      failed: this.#failed,
    }
  }

  /** The next text when it is due; null at the end. */
  async #next(): Promise<string | null> {
    const { rate, seconds, nextText } = this.#options
    const due = rate === undefined ? 0 : (1000 * this.#asked++) / rate - this.#elapsedMs()
    if (due > 0) await sleep(due)
    return this.#elapsedMs() < 1000 * seconds ? nextText() : null
  }

  async #ask(socket: Socket, reader: AnswerReader, text: string): Promise<void> {
    const sentAt = performance.now()
    socket.write(this.#request(text))
    const status = await reader.next(ANSWER_MS)
    this.#lastAnswer = performance.now()
    this.#options.onAnswer?.(status, this.#lastAnswer - sentAt)
    if (status === 200) this.#times.push(this.#lastAnswer - sentAt)
    else if (status === 429) this.#refused++
    else this.#failed++
  }

  #request(text: string): string {
    const body = JSON.stringify({ text })
    const length = Buffer.byteLength(body)
    const head = `POST /predict HTTP/1.1\r\nhost: ${this.#host}:${this.#port}\r\ncontent-type: application/json\r\n`
    return `${head}content-length: ${length}\r\n\r\n${body}`
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt
  }
}
