// The address that a server prints once it listens.
import type { ChildProcess } from 'node:child_process'

export interface Listening {
  readonly url: string
  /** Everything that was printed so far. */
  output(): string
}

/** Rejects with the output if the process ends first. Both streams of the child must be pipes. */
export async function waitForAddress(child: ChildProcess): Promise<Listening> {
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const address = /http:\/\/(?:127\.0\.0\.1|0\.0\.0\.0|localhost):\d+/.exec(output)?.[0]
        if (address !== undefined) resolve(address)
      })
    }
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`ended with ${code}:\n${output}`)))
  })
  return { url, output: () => output }
}
