// What every script does first: check Node, install what is missing, build what is stale.
import { join } from 'node:path'
import { acquireLock, codeOf } from './lock.mjs'
import { npm, root, tool } from './run.mjs'
import {
  buildFingerprint,
  buildState,
  forgetBuilt,
  forgetInstalled,
  isInstalled,
  markBuilt,
  markInstalled,
} from './stamps.mjs'

const NEEDED_NODE = [20, 19]
const LOCK_FILE = '.setup.lock'

/** A message for the person at the terminal: printed without a stack. */
export class SetupError extends Error {}

/**
 * @param {string} [version]
 */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = NEEDED_NODE
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return
  throw new SetupError(`Renown needs Node.js ${NEEDED_NODE.join('.')} or newer, and this is ${version}.`)
}

/**
 * Installs and builds what is missing. Two at once wait for each other; one that was killed is repaired by the next.
 * @param {{ build?: boolean }} [options]
 */
export async function prepare({ build = true } = {}) {
  checkNode()
  if (isReady(build)) return
  const lock = await lockOrExplain()
  try {
    if (!isInstalled(root)) await install(lock)
    else markInstalled(root)
    if (build) await buildStale(lock)
  } finally {
    lock.release()
  }
}

/** @param {boolean} build */
function isReady(build) {
  return isInstalled(root) && (!build || buildState(root) === 'fresh')
}

/** @param {import('./lock.mjs').Lock} lock */
async function install(lock) {
  say('Installing packages (the first time, or after the lockfile changed) ...')
  forgetInstalled(root)
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const code = await npm(args, { onSpawn: (pid) => lock.include(pid) })
  if (code !== 0) {
    throw new SetupError(
      `npm ${args.join(' ')} ended with code ${code}. The message above says why; without a network, packages can only come from npm's cache. Run the same command again once it is mended.`,
    )
  }
  markInstalled(root)
}

/** @param {import('./lock.mjs').Lock} lock */
async function buildStale(lock) {
  const state = buildState(root)
  if (state === 'fresh') return
  say('Building ...')
  const fingerprint = buildFingerprint(root)
  forgetBuilt(root)
  const onSpawn = (/** @type {number} */ pid) => lock.include(pid)
  // Without a finished build behind it, the compiler's own record of what is up to date isn't to be trusted.
  const force = state === 'unknown' ? ['--force'] : []
  const types = await tool('tsc', ['-b', ...force, ...packageFolders()], { onSpawn })
  if (types !== 0) throw new SetupError('The build failed: tsc -b found the errors above.')
  const page = await tool('vite', ['build', '--logLevel', 'warn', 'packages/dashboard'], { onSpawn })
  if (page !== 0) throw new SetupError('The build failed: vite found the errors above.')
  markBuilt(root, fingerprint)
}

/** The packages that run, all reached from these two; tests and benchmarks are compiled by `npm run verify`. */
function packageFolders() {
  return ['packages/cli', 'packages/dashboard']
}

async function lockOrExplain() {
  try {
    return await acquireLock(join(root, LOCK_FILE), () =>
      say('Another setup is running in this folder; waiting for it ...'),
    )
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(codeOf(error) ?? '')) throw error
    throw new SetupError(
      `Renown has to install packages and build in ${root}, and this user can't write there. Make the folder writable or clone it elsewhere; once set up, it starts from a read-only folder too.`,
    )
  }
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/**
 * Runs a script's main function; a SetupError is a message, anything else a defect with its stack.
 * @param {() => Promise<number | void>} main resolves to the exit code
 */
export async function runScript(main) {
  try {
    const code = await main()
    if (typeof code === 'number') process.exitCode = code
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error))
    process.exitCode = 1
  }
}
