// npm start: set up what is missing, then `renown serve` in this very process.
import * as module from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './run.mjs'
import { prepare, runScript } from './setup.mjs'

const PARENT_POLL_MS = 250

await runScript(async () => {
  const unwatch = process.env.npm_lifecycle_event === undefined ? () => {} : watchParent()
  await prepare()
  keepCompiledCode(join(root, 'node_modules/.cache/renown-code'))
  standAsideOnSignals(unwatch)
  const renown = join(root, 'packages/cli/bin/renown.mjs')
  process.argv = [process.execPath, renown, 'serve', ...process.argv.slice(2)]
  await import(pathToFileURL(renown).href)
})

/**
 * Node 22 and later keep compiled code between starts.
 * @param {string} folder
 */
function keepCompiledCode(folder) {
  const { enableCompileCache } = /** @type {{ enableCompileCache?: (folder: string) => void }} */ (module)
  enableCompileCache?.(folder)
}

/**
 * npm runs a shell that runs us, and a SIGTERM to npm ends the shell alone: we notice by our parent, and stop as well.
 * @returns {() => void} ends the watch
 */
function watchParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, PARENT_POLL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * A signal that reached us too is already stopping the server in good order; a second one would end it at once.
 * @param {() => void} unwatch
 */
function standAsideOnSignals(unwatch) {
  const listener = () => {
    unwatch()
    process.off('SIGINT', listener).off('SIGTERM', listener)
  }
  process.on('SIGINT', listener).on('SIGTERM', listener)
}
