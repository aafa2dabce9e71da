// A folder that appears whole or not at all: written beside its place, then renamed.
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ModelsError } from './errors.ts'
import { MANIFEST_FILE } from './manifest.ts'

const WRITTEN = '.renown-export-'
const REPLACED = '.renown-replaced-'

/** Refuses an output that holds something already; one that is a model folder may be replaced if that is asked for. */
export async function checkOutput(output: string, replace = false): Promise<void> {
  await restoreReplaced(resolve(output))
  const entries = await readdir(output).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === 'ENOENT') return []
    throw new ModelsError('EXPORT_REFUSED', `"${output}" can't be the output: expected a folder (${cause.code})`, {
      cause,
    })
  })
  if (entries.length === 0 || (replace && entries.includes(MANIFEST_FILE))) return
  const expected = replace ? 'a new, empty or model folder' : 'a new or empty folder'
  throw new ModelsError(
    'EXPORT_REFUSED',
    `"${output}" is not empty: it holds ${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''}; expected ${expected}`,
  )
}

/** Makes the folder to write in, and removes what exports to the same output left behind when they were killed. */
export async function createTemporaryFolder(output: string): Promise<string> {
  const place = resolve(output)
  await mkdir(dirname(place), { recursive: true })
  const stale = [...(await findLeftovers(place, WRITTEN)), ...(await findLeftovers(place, REPLACED))]
  await Promise.all(stale.map((folder) => rm(folder, { recursive: true, force: true })))
  const folder = hiddenName(place, WRITTEN)
  await mkdir(folder)
  return folder
}

/** Gives the folder its name. An empty folder that stands there already is replaced, another only if asked for. */
export async function publishFolder(temporary: string, output: string, replace = false): Promise<void> {
  const place = resolve(output)
  try {
    await rename(temporary, place)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause
    if (replace) return swapFolders(temporary, place)
    throw new ModelsError('EXPORT_REFUSED', `"${output}" was filled by something else during the export`, { cause })
  }
}

/** Between the two renames the old folder is under its hidden name; `restoreReplaced` finds it if we die there. */
async function swapFolders(temporary: string, place: string): Promise<void> {
  const old = hiddenName(place, REPLACED)
  await rename(place, old)
  try {
    await rename(temporary, place)
  } catch (cause) {
    await rename(old, place)
    throw cause
  }
  await rm(old, { recursive: true, force: true })
}

/** Gives the folder back that a process was about to replace when it was killed. */
async function restoreReplaced(place: string): Promise<void> {
  const isThere = await readdir(place).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code !== 'ENOENT',
  )
  if (isThere) return
  const [old] = await findLeftovers(place, REPLACED)
  if (old !== undefined) await rename(old, place)
}

function hiddenName(place: string, mark: string): string {
  return join(dirname(place), `.${basename(place)}${mark}${process.pid}`)
}

/** Hidden folders beside the place whose process is gone. */
async function findLeftovers(place: string, mark: string): Promise<string[]> {
  const parent = dirname(place)
  const prefix = `.${basename(place)}${mark}`
  const names = (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(prefix))
  return names.filter((name) => !isOtherProcess(Number(name.slice(prefix.length)))).map((name) => join(parent, name))
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
