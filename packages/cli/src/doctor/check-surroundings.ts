// Checks of what a server needs around it: a port, a data folder, a key.
import { mkdtemp, rmdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { type Check, fail, pass, warn } from './check.ts'

export async function checkPort(host: string, port: number): Promise<Check> {
  const problem = await tryListen(host, port)
  if (problem === null) return pass('Port', `${port} on ${host} is free`)
  if (problem === 'EADDRINUSE') {
    return warn('Port', `${port} on ${host} is in use, perhaps by Renown; \`renown serve --port 0\` takes a free one`)
  }
  return fail('Port', `${port} on ${host} can't be used: ${problem}`)
}

async function tryListen(host: string, port: number): Promise<string | null> {
  const server = createServer()
  return await new Promise((resolvePort) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolvePort(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolvePort(null)))
  })
}

/** Nothing is left behind: neither the folder, where there is none yet, nor what it is tried with. */
export async function checkHome(home: string): Promise<Check> {
  const place = resolve(home)
  const existing = await findExisting(place)
  try {
    await rmdir(await mkdtemp(join(existing, '.renown-doctor-')))
  } catch (error) {
    return fail('Data folder', `${place} can't be written: ${(error as Error).message}`)
  }
  return pass('Data folder', existing === place ? `${place} can be written` : `${place} will be made when it is needed`)
}

async function findExisting(place: string): Promise<string> {
  const isThere = await stat(place).then(
    () => true,
    () => false,
  )
  return isThere || dirname(place) === place ? place : await findExisting(dirname(place))
}

export function checkKeys(host: string, isLoopback: boolean, liveKeys: number): Check {
  const count = `${liveKeys} ${liveKeys === 1 ? 'key' : 'keys'}`
  if (liveKeys > 0) return pass('API keys', count)
  if (isLoopback) return pass('API keys', `none, and ${host} is a loopback address, which needs none`)
  return fail('API keys', `none, and ${host} needs one: \`renown keys create --name NAME\``)
}
