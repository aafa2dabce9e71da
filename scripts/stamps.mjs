// What was installed and what was built last, so that a second start does neither.
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const INSTALL_STAMP = 'node_modules/.renown-install'
const BUILD_STAMP = 'node_modules/.renown-build'
const PLATFORM = ` ${process.platform} ${process.arch}`
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'fixtures'])

/**
 * Whether node_modules holds what package-lock.json asks for, on this platform.
 * @param {string} root
 * @returns {boolean}
 */
export function isInstalled(root) {
  const stamp = readIfThere(join(root, INSTALL_STAMP))
  if (stamp === installFingerprint(root)) return true
  const samePlatform = stamp === null || stamp.endsWith(PLATFORM)
  return samePlatform && holdsLockedPackages(root)
}

/** @param {string} root */
export function markInstalled(root) {
  writeWhole(join(root, INSTALL_STAMP), installFingerprint(root))
}

/**
 * Forgets what was installed: a killed install leaves no trace that looks finished.
 * @param {string} root
 */
export function forgetInstalled(root) {
  for (const file of [INSTALL_STAMP, BUILD_STAMP, 'node_modules/.package-lock.json']) {
    rmSync(join(root, file), { force: true })
  }
}

/**
 * Whether the outputs are those of the sources as they are now.
 * @param {string} root
 * @returns {'fresh' | 'stale' | 'unknown'} unknown: no build has finished, or an output is missing
 */
export function buildState(root) {
  const stamp = readIfThere(join(root, BUILD_STAMP))
  if (stamp === null || !outputs(root).every((path) => existsSync(path))) return 'unknown'
  return stamp === buildFingerprint(root) ? 'fresh' : 'stale'
}

/**
 * @param {string} root
 * @param {string} fingerprint of the sources as they were before the build began
 */
export function markBuilt(root, fingerprint) {
  writeWhole(join(root, BUILD_STAMP), fingerprint)
}

/** @param {string} root */
export function forgetBuilt(root) {
  rmSync(join(root, BUILD_STAMP), { force: true })
}

/**
 * Path, size and time of every source file, and the lockfile (which names the compiler).
 * @param {string} root
 * @returns {string}
 */
export function buildFingerprint(root) {
  const hash = createHash('sha256').update(installFingerprint(root))
  for (const file of ['tsconfig.json', 'tsconfig.base.json']) addFile(hash, root, file)
  addFolder(hash, root, 'packages')
  return hash.digest('hex')
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} folder
 */
function addFolder(hash, root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) addFolder(hash, root, path)
    } else addFile(hash, root, path)
  }
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} path
 */
function addFile(hash, root, path) {
  const stat = lstatSync(join(root, path))
  hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`)
}

/**
 * What each package promises in its package.json, and the page.
 * @param {string} root
 * @returns {string[]}
 */
function outputs(root) {
  const paths = [join(root, 'packages/dashboard/dist/page/index.html')]
  for (const name of readdirSync(join(root, 'packages'))) {
    if (name === 'dashboard') continue
    const folder = join(root, 'packages', name)
    const manifest = readIfThere(join(folder, 'package.json'))
    const entry = manifest === null ? undefined : JSON.parse(manifest).exports?.['.']?.default
    if (typeof entry === 'string') paths.push(join(folder, entry))
  }
  return paths
}

/**
 * @param {string} root
 * @returns {string}
 */
function installFingerprint(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${lock}${PLATFORM}`
}

/**
 * For a node_modules that somebody installed with npm itself: npm's own record of it against the lockfile.
 * @param {string} root
 * @returns {boolean}
 */
function holdsLockedPackages(root) {
  const record = readIfThere(join(root, 'node_modules/.package-lock.json'))
  if (record === null) return false
  const installed = JSON.parse(record).packages ?? {}
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {}
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true
    const there = installed[path]
    if (there === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true
    return there.version === entry.version && existsSync(join(root, path))
  })
}

/**
 * @param {string} path
 * @returns {string | null}
 */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, text)
  renameSync(`${path}.${process.pid}`, path)
}
