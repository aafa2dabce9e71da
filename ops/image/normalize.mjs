// Gives all under the named paths fixed times and modes: the same sources make the same layers, whenever and wherever.
import { chmodSync, lstatSync, lutimesSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const THEN = new Date(0)
const ANY_EXECUTES = 0o111

for (const path of process.argv.slice(2)) normalize(path)

/** @param {string} path */
function normalize(path) {
  const stat = lstatSync(path)
  if (stat.isDirectory()) for (const name of readdirSync(path)) normalize(join(path, name))
  const executes = stat.isDirectory() || (stat.mode & ANY_EXECUTES) !== 0
  if (!stat.isSymbolicLink()) chmodSync(path, executes ? 0o755 : 0o644)
  // After what is in it, whose changes would move the folder's time again.
  lutimesSync(path, THEN, THEN)
}
