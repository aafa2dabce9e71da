// Gathers what runs of each built package: its manifest, its commands and its compiled files, without types, maps and tests.
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const KEPT = ['package.json', 'bin', 'dist']
const LEFT_OUT = /\.d\.ts$|\.map$|\.tsbuildinfo$|\.test\.js$|\/test-[^/]*\.js$|\/testing$|\/dist\/types$/

const [target = 'image/packages'] = process.argv.slice(2)
for (const name of readdirSync('packages')) {
  for (const part of KEPT) copyPart(join('packages', name, part), join(target, name, part))
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyPart(from, to) {
  if (existsSync(from)) cpSync(from, to, { recursive: true, filter: (path) => !LEFT_OUT.test(path) })
}
