// SHA-256 of a large body while it arrives, on another core: storage that is no test has more than one.
import { Worker } from 'node:worker_threads'

export interface ApartHash {
  /** For the body, from its beginning on. */
  readonly bytes: Buffer
  /** So much of it has arrived. */
  readonly advance: (length: number) => void
  readonly end: () => Promise<string>
  readonly dispose: () => void
}

const SCRIPT = `
const { parentPort } = require('node:worker_threads')
const hash = require('node:crypto').createHash('sha256')
parentPort.on('message', ({ memory, start, end, isLast }) => {
  hash.update(new Uint8Array(memory, start, end - start))
  if (isLast) parentPort.postMessage(hash.digest('hex'))
})`
const STEP_BYTES = 1 << 22

export function createApartHash(length: number): ApartHash {
  const memory = new SharedArrayBuffer(length)
  const worker = new Worker(SCRIPT, { eval: true, execArgv: [] })
  const digest = new Promise<string>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  let start = 0
  let arrived = 0
  const pass = (isLast: boolean): void => {
    worker.postMessage({ memory, start, end: arrived, isLast })
    start = arrived
  }
  return {
    bytes: Buffer.from(memory),
    advance(to) {
      arrived = to
      if (arrived - start >= STEP_BYTES) pass(false)
    },
    async end() {
      pass(true)
      return await digest
    },
    dispose: () => void worker.terminate(),
  }
}
