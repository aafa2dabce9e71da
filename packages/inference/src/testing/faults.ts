// How tests ask for a worker that misbehaves.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** `reject`: the run fails; `exit`: the thread ends; `crash`: an uncaught exception; `hang`: it returns when told to. */
export type Fault = 'reject' | 'exit' | 'crash' | 'hang'

export interface FaultSettings extends Readonly<Partial<Record<Fault, number>>> {
  /** Each fault happens once: the first one makes this file. */
  readonly marker?: string
  /** A run that hangs returns when this file is there. */
  readonly release?: string
  /** Gets a line `start` for each worker that starts and a line `end` for each that ends by itself. */
  readonly log?: string
  /** The model can be loaded so many times, counted in `log`. */
  readonly starts?: number
}

/** Paths and worker entries in a folder of their own. */
export class FaultKit {
  readonly #folder = mkdtempSync(join(tmpdir(), 'renown-faults-'))
  #files = 0

  path(): string {
    return join(this.#folder, `file-${this.#files++}`)
  }

  /** The entry of a worker that commits a fault when it meets the token id that is given for it. */
  entry(settings: FaultSettings): URL {
    const path = `${this.path()}.mjs`
    const worker = new URL('./faulty-worker.mjs', import.meta.url)
    const lines = [
      `process.env.RENOWN_TEST_FAULTS = ${JSON.stringify(JSON.stringify(settings))}`,
      `await import(${JSON.stringify(worker.href)})`,
    ]
    writeFileSync(path, lines.join('\n'))
    return pathToFileURL(path)
  }

  clean(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
