// npm start: set up what is missing, then `renown serve` in this very process.
import * as module from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './run.mjs'
import { prepare, runScript } from './setup.mjs'

await runScript(async () => {
  await prepare()
  keepCompiledCode(join(root, 'node_modules/.cache/renown-code'))
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
