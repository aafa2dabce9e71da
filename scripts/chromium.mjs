// The browser that the page's tests drive: found, or installed where that is this project's to do.
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'
import { say } from './setup.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const APT_LIMITS = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30']

/** Installs Debian's Chromium when we are root on Debian and there is none; elsewhere its tests are skipped by name. */
export async function ensureChromium() {
  if (isOnPath() || process.getuid?.() !== 0 || !isDebian()) return
  say('Installing Chromium for the tests of the page (apt-get) ...')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const updated = await run('apt-get', ['-qq', ...APT_LIMITS, 'update'], { env, capture: true })
  const install = ['-qq', ...APT_LIMITS, 'install', '-y', '--no-install-recommends', 'chromium']
  const installed = await run('apt-get', install, { env, capture: true })
  if (installed.code !== 0) say(`Chromium can't be installed:\n${updated.output}${installed.output}`.trimEnd())
}

function isOnPath() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return NAMES.some((name) => folders.some((folder) => existsSync(join(folder, name))))
}

function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
