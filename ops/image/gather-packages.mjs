// Gathers what runs of each built package: its manifest, its commands and its compiled files, without types, maps and tests.
import { cpSync, existsSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

const KEPT = ['package.json', 'bin', 'dist']
const LEFT_OUT = /\.d\.ts$|\.map$|\.tsbuildinfo$|\.test\.js$|\/test-[^/]*\.js$|\/testing$|\/dist\/types$/
/** The same sources make the same image, whenever it is built. */
const THEN = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000)

const [target = 'image'] = process.argv.slice(2)
for (const name of readdirSync('packages')) {
  for (const part of KEPT) copyPart(join('packages', name, part), join(target, 'packages', name, part))
}
setTimes(target)

/**
 * @param {string} from
 * @param {string} to
 */
function copyPart(from, to) {
  if (existsSync(from)) cpSync(from, to, { recursive: true, filter: (path) => !LEFT_OUT.test(path) })
}

/** @param {string} path */
function setTimes(path) {
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) setTimes(join(path, name))
  utimesSync(path, THEN, THEN)
}
