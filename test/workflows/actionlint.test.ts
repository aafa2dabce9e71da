// The workflows as actionlint sees them, where Go can build it: types of expressions, inputs of actions, events.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/workspace.ts'

const VERSION = 'v1.7.12'
const MINUTES = 60_000

/** Built once for a version and kept beside the installed packages. */
const FOLDER = join(ROOT, 'node_modules/.cache/actionlint', VERSION)
const PROGRAM = join(FOLDER, 'bin/actionlint')

function findGo(): string | null {
  const found = ['go', '/usr/local/go/bin/go'].find((go) => spawnSync(go, ['version']).status === 0)
  return found ?? null
}

/** Why it can't be run; empty where it can. */
function prepare(): string {
  if (existsSync(PROGRAM)) return ''
  const go = findGo()
  if (go === null) return 'Go is not installed'
  mkdirSync(FOLDER, { recursive: true })
  const places = { GOBIN: join(FOLDER, 'bin'), GOPATH: join(FOLDER, 'path'), GOCACHE: join(FOLDER, 'cache') }
  const env = { ...process.env, ...places, GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local' }
  const built = spawnSync(go, ['install', `github.com/rhysd/actionlint/cmd/actionlint@${VERSION}`], {
    env,
    encoding: 'utf8',
    timeout: 4 * MINUTES,
  })
  for (const place of [places.GOPATH, places.GOCACHE]) rmSync(place, { recursive: true, force: true })
  return existsSync(PROGRAM) ? '' : `actionlint can't be built: ${built.stderr.trim().split('\n').at(-1)}`
}

test('actionlint finds nothing', { timeout: 5 * MINUTES }, (context) => {
  const reason = prepare()
  context.skip(reason !== '', reason)
  // Its checks of scripts would depend on what else is installed.
  const { status, stdout, stderr } = spawnSync(PROGRAM, ['-shellcheck=', '-pyflakes=', '-no-color'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})
