// The commit of the code that runs, where it runs from a checkout.
import { execFile } from 'node:child_process'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const HERE = dirname(fileURLToPath(import.meta.url))

/** The full hash, `-dirty` at its end where files that git knows have changes; null outside a checkout or without git. */
export async function readCodeCommit(folder: string = HERE): Promise<string | null> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', folder, ...args], { timeout: 10_000 })).stdout.trim()
  try {
    const root = await git('rev-parse', '--show-toplevel')
    // Installed among the dependencies of a checkout, the code is not that checkout's.
    if (folder.slice(root.length).split(sep).includes('node_modules')) return null
    return await git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*')
  } catch {
    return null
  }
}
