// A blob on its way: one process at a time goes on with what another left behind.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

const ENDING = '.incomplete'
/** A partial file that nobody has written to for this long belongs to no one, whatever its name says. */
const STALE_MS = 600_000

/**
 * The file to write: what was left of the blob, taken over by renaming it to a name of our own, so that only one of
 * several processes gets it; or a name for a new one. `HASH.incomplete` is free for anyone to take, and
 * `HASH.HOST-PID-RANDOM.incomplete` is somebody's as long as that process lives.
 */
export async function claimPartial(blob: string, now: number): Promise<string> {
  await mkdir(dirname(blob), { recursive: true })
  const own = `${blob}.${host()}-${process.pid}-${randomBytes(4).toString('hex')}${ENDING}`
  for (const name of await findLeftovers(blob, now)) {
    const isOurs = await rename(name, own).then(
      () => true,
      () => false,
    )
    if (isOurs) return own
  }
  return own
}

/** Leaves what has arrived to whoever comes next. */
export async function releasePartial(partial: string, blob: string): Promise<void> {
  const info = await stat(partial).catch(() => null)
  if (info === null) return
  if (info.size === 0) await rm(partial, { force: true })
  else await rename(partial, `${blob}${ENDING}`)
}

/** Gives the whole file its name. Another process may have been faster: then both wrote the same bytes. */
export async function publishPartial(partial: string, blob: string): Promise<void> {
  try {
    await rename(partial, blob)
  } catch (error) {
    // Windows doesn't replace a file that is open elsewhere.
    const isThere = await stat(blob).then(
      (info) => info.isFile(),
      () => false,
    )
    if (!isThere) throw error
    await rm(partial, { force: true })
  }
}

/** The largest first. */
async function findLeftovers(blob: string, now: number): Promise<string[]> {
  const folder = dirname(blob)
  const prefix = blob.slice(folder.length + 1)
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${prefix}.`) && name.endsWith(ENDING))
  const found = await Promise.all(
    names.map(async (name) => {
      const info = await stat(join(folder, name)).catch(() => null)
      const owner = name.slice(prefix.length + 1, -ENDING.length)
      const isFree = owner === '' || isDead(owner) || now - (info?.mtimeMs ?? now) > STALE_MS
      return { path: join(folder, name), size: info?.size ?? 0, isFree }
    }),
  )
  return found
    .filter(({ isFree }) => isFree)
    .sort((a, b) => b.size - a.size)
    .map(({ path }) => path)
}

/** Only of a process on this machine can be known that it is gone. */
function isDead(owner: string): boolean {
  const [, machine, pid] = /^([0-9a-f]+)-(\d+)-[0-9a-f]+$/.exec(owner) ?? []
  if (machine !== host() || Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function host(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}
