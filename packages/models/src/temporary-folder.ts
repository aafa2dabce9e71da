// A folder that appears whole or not at all: written beside its place, then renamed.
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ModelsError } from './errors.ts'

const MARK = '.renown-export-'

/** Refuses an output that holds something already. */
export async function checkOutput(output: string): Promise<void> {
  const entries = await readdir(output).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw new ModelsError('EXPORT_REFUSED', `"${output}" can't be the output: expected a folder (${cause.code})`, {
      cause,
    })
  })
  if (entries.length === 0) return
  throw new ModelsError(
    'EXPORT_REFUSED',
    `"${output}" is not empty: it holds ${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''}; expected a new or empty folder`,
  )
}

/** Makes the folder to write in, and removes what exports to the same output left behind when they were killed. */
export async function createTemporaryFolder(output: string): Promise<string> {
  const place = resolve(output)
  const parent = dirname(place)
  await mkdir(parent, { recursive: true })
  await removeLeftovers(parent, `.${basename(place)}${MARK}`)
  const folder = join(parent, `.${basename(place)}${MARK}${process.pid}`)
  await mkdir(folder)
  return folder
}

/** Gives the folder its name. An empty folder that stands there already is replaced. */
export async function publishFolder(temporary: string, output: string): Promise<void> {
  try {
    await rename(temporary, resolve(output))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause
    throw new ModelsError('EXPORT_REFUSED', `"${output}" was filled by something else during the export`, { cause })
  }
}

async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  const stale = names.filter((name) => !isOtherProcess(Number(name.slice(prefix.length))))
  await Promise.all(stale.map((name) => rm(join(parent, name), { recursive: true, force: true })))
}

/** In a container every run has the same number: a folder with our own is a leftover too. */
function isOtherProcess(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
