// npm run bench: list the benchmarks, or run one from built packages.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, tool } from './run.mjs'
import { prepare, runScript, SetupError } from './setup.mjs'

const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))

await runScript(async () => {
  const [name, ...args] = process.argv.slice(2)
  if (name === undefined) {
    for (const known of names) console.log(`${known.padEnd(16)}${describe(known)}`)
    console.log('\nnpm run bench -- NAME [options]; results go to bench/results. See bench/README.md.')
    return
  }
  if (!names.includes(name)) throw new SetupError(`No benchmark is called ${name}; there are ${names.join(', ')}.`)
  await prepare()
  return tool('tsx', [`bench/${name}.ts`, ...args])
})

/**
 * @param {string} name
 * @returns {string} the file's first line, which says what it is
 */
function describe(name) {
  const [first = ''] = readFileSync(join(root, 'bench', `${name}.ts`), 'utf8').split('\n')
  return first.replace(/^\/\/ */, '')
}
