// Reads the answers of one connection: status and length, as far as a benchmark needs them.
import type { Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'

/** Bodies must come with their length, one answer at a time. */
export class AnswerReader {
  /** Whether another request may be sent. */
  isOpen = true
  #received: Buffer = Buffer.alloc(0)
  #resolve: ((status: number) => void) | null = null
  #reject: ((error: Error) => void) | null = null
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('timeout', () => socket.destroy(new Error('no answer in time')))
    socket.on('error', (error) => this.#end(error))
    socket.on('close', () => this.#end(new Error('the connection was closed')))
  }

  /** The status of the next answer, once its body has arrived. */
  next(limitMs: number): Promise<number> {
    this.#socket.setTimeout(limitMs)
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const headEnd = this.#received.indexOf(HEAD_END)
    if (headEnd === -1) return
    const head = this.#received.toString('latin1', 0, headEnd)
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (this.#received.length < headEnd + HEAD_END.length + length) return
    this.#received = Buffer.alloc(0)
    if (/^connection: *close/im.test(head)) this.isOpen = false
    this.#resolve?.(Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)))
  }

  #end(error: Error): void {
    this.isOpen = false
    this.#reject?.(error)
  }
}
