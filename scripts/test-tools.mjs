// Programs that tests drive, the browser and Prometheus: found, or installed where that is this project's to do.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'
import { say } from './setup.mjs'

/** What is to be on the path, by Debian's package; any of the names will do. */
const PACKAGES = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  prometheus: ['promtool'],
  'prometheus-alertmanager': ['prometheus-alertmanager', 'alertmanager'],
}

/** Parts of the paths of the tests that drive them. */
const USERS = /** @type {const} */ ({
  chromium: ['page'],
  prometheus: ['metrics', 'ops'],
  'prometheus-alertmanager': ['ops'],
})

const APT_LIMITS = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30']
const POLICY = '/usr/sbin/policy-rc.d'

/** @typedef {keyof typeof PACKAGES} Package */

/**
 * Installs Debian's packages when we are root on Debian and they are missing; elsewhere their tests are skipped by name.
 * @param {string[]} filters which tests are run; none: all
 */
export async function ensureTestTools(filters) {
  if (process.getuid?.() !== 0 || !isDebian()) return
  const missing = packageNames().filter((name) => mayReach(name, filters) && !isOnPath(PACKAGES[name]))
  if (missing.length === 0) return
  say(`Installing ${missing.join(', ')} for the tests (apt-get) ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const updated = await run('apt-get', ['-qq', ...APT_LIMITS, 'update'], { env, capture: true })
  const install = ['-qq', ...APT_LIMITS, 'install', '-y', '--no-install-recommends', ...missing]
  const installed = await withoutServices(() => run('apt-get', install, { env, capture: true }))
  if (installed.code !== 0) say(`They can't be installed:\n${updated.output}${installed.output}`.trimEnd())
  else await disableServices(missing.filter((name) => name !== 'chromium'))
}

/** @returns {Package[]} */
function packageNames() {
  return /** @type {Package[]} */ (Object.keys(PACKAGES))
}

/**
 * @param {Package} name
 * @param {string[]} filters
 */
function mayReach(name, filters) {
  const paths = filters.filter((filter) => !filter.startsWith('-'))
  return paths.length === 0 || paths.some((path) => USERS[name].some((user) => reaches(path, user)))
}

/**
 * @param {string} path
 * @param {string} user
 */
function reaches(path, user) {
  return path.includes(user) || `test/${user}`.startsWith(path) || `packages/server/src/${user}`.startsWith(path)
}

/**
 * What is installed for tests must not run as a service: Debian asks this file before it starts one.
 * @template T
 * @param {() => Promise<T>} install
 * @returns {Promise<T>}
 */
async function withoutServices(install) {
  if (existsSync(POLICY)) return install()
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return await install()
  } finally {
    rmSync(POLICY, { force: true })
  }
}

/**
 * Nor at the next start of the machine.
 * @param {string[]} names
 */
async function disableServices(names) {
  // Where there is no systemd, nothing starts them.
  if (names.length > 0) await run('systemctl', ['disable', ...names], { capture: true }).catch(() => undefined)
}

/** @param {string[]} names */
function isOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.some((name) => folders.some((folder) => existsSync(join(folder, name))))
}

function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
