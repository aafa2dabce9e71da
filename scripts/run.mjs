// Running npm and the installed tools in the repository's root, to their end.
import { spawn } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * @typedef {{ onSpawn?: (pid: number) => void, capture?: boolean, env?: NodeJS.ProcessEnv }} RunOptions
 */

/**
 * Runs the npm that runs us, or the one on the path.
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export async function npm(args, options) {
  const own = process.env.npm_execpath ?? ''
  if (basename(own) === 'npm-cli.js') return (await run(process.execPath, [own, ...args], options)).code
  const windows = process.platform === 'win32'
  return (await run(windows ? 'npm.cmd' : 'npm', args, options, windows)).code
}

const TOOLS = /** @type {const} */ ({
  tsc: 'node_modules/typescript/bin/tsc',
  vite: 'node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  knip: 'node_modules/knip/bin/knip.js',
  tsx: 'node_modules/tsx/dist/cli.mjs',
})

/**
 * @param {keyof typeof TOOLS} name
 * @returns {string}
 */
export function toolPath(name) {
  return join(root, TOOLS[name])
}

/**
 * Runs an installed tool in the repository's root.
 * @param {keyof typeof TOOLS} name
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} exit code
 */
export async function tool(name, args, options) {
  return (await runTool(name, args, options)).code
}

/**
 * @param {keyof typeof TOOLS} name
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runTool(name, args, options) {
  return run(process.execPath, [toolPath(name), ...args], options)
}

/**
 * Runs a program to its end; what stops us stops it too.
 * @param {string} file
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @param {boolean} [shell]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(file, args, options = {}, shell = false) {
  const { onSpawn, capture = false, env = process.env } = options
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, env, shell, stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text))
    if (child.pid !== undefined) onSpawn?.(child.pid)
    const unfollow = forwardSignals(child)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const stopped = unfollow()
      if (stopped !== null) process.exit(128 + stopped)
      resolve({ code: code ?? (signal === null ? 1 : 128), output })
    })
  })
}

const SIGNALS = /** @type {const} */ ({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })
// A terminal's Ctrl-C reaches the whole group; a second one from us would read as "now, at once".
const SENT_TO_THE_GROUP = 'SIGINT'

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => number | null} ends the forwarding, and says which signal came
 */
function forwardSignals(child) {
  /** @type {number | null} */
  let stopped = null
  const listeners = Object.entries(SIGNALS).map(([name, number]) => {
    const signal = /** @type {keyof typeof SIGNALS} */ (name)
    const listener = () => {
      stopped = number
      if (signal !== SENT_TO_THE_GROUP) child.kill(signal)
    }
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => {
    for (const remove of listeners) remove()
    return stopped
  }
}
