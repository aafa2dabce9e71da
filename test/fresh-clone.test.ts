// A stranger's first minutes: clone into an empty folder, npm start, a prediction, stop; and the second start.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Listening, waitForAddress } from './support/printed-address.ts'
import { ROOT } from './support/workspace.ts'

const KEPT = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'npm_config_registry', 'npm_config_cafile']
const MINUTES = 60_000

/** What a person's shell would have: nothing that npm or vitest set for us. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => KEPT.includes(name) || /_proxy$/i.test(name)),
) as Record<string, string>

const npmCli = process.env.npm_execpath ?? ''
const npm = basename(npmCli) === 'npm-cli.js' ? [process.execPath, npmCli] : ['npm']

let reason = ''
let parent = ''
let clone = ''

function whyNot(): string {
  if (!existsSync(join(ROOT, '.git'))) return 'this folder is not a git repository'
  try {
    execFileSync('git', ['--version'])
  } catch {
    return 'git is not installed'
  }
  try {
    const [file = '', ...args] = [...npm, 'view', 'typescript', 'version', '--fetch-retries=0', '--fetch-timeout=10000']
    execFileSync(file, args, { env, timeout: 30_000, stdio: 'pipe' })
    return ''
  } catch {
    return 'the npm registry cannot be reached'
  }
}

interface Started extends Listening {
  readonly npm: ChildProcess
}

/** `npm start` on a free port, until it prints its address. */
async function start(): Promise<Started> {
  const [file = '', ...args] = [...npm, 'start', '--', '--port', '0']
  const child = spawn(file, args, { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] })
  return { npm: child, ...(await waitForAddress(child)) }
}

async function stop({ npm: child, url, output }: Started): Promise<void> {
  child.kill('SIGTERM')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  await expect(fetch(url), `still answering:\n${output()}`).rejects.toThrow()
}

async function predict(url: string): Promise<unknown> {
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'I love this, thank you so much!' }),
  })
  expect(response.status).toBe(200)
  return response.json()
}

beforeAll(() => {
  reason = whyNot()
  if (reason !== '') return
  parent = mkdtempSync(join(tmpdir(), 'renown fresh clöne '))
  clone = join(parent, 're nown')
  execFileSync('git', ['clone', '--quiet', ROOT, clone], { env })
})

afterAll(() => {
  if (parent !== '') rmSync(parent, { recursive: true, force: true })
})

describe('a fresh clone, in a folder with spaces and an umlaut', () => {
  test('installs, builds, serves and stops with npm start', { timeout: 10 * MINUTES }, async (context) => {
    context.skip(reason !== '', reason)
    const started = await start()
    try {
      expect(await predict(started.url)).toMatchObject({ label: 'positive' })
      const page = await fetch(started.url)
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(await page.text()).toContain('<script')
    } finally {
      await stop(started)
    }
  })

  test('starts the second time without installing or building', { timeout: 2 * MINUTES }, async (context) => {
    context.skip(reason !== '', reason)
    const started = await start()
    try {
      expect(await predict(started.url)).toMatchObject({ label: 'positive' })
      expect(started.output()).not.toMatch(/Installing|Building/)
    } finally {
      await stop(started)
    }
  })

  test('leaves the working tree as git knows it', (context) => {
    context.skip(reason !== '', reason)
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: clone, env, encoding: 'utf8' })).toBe('')
  })

  test('has the renown command', { timeout: 2 * MINUTES }, (context) => {
    context.skip(reason !== '', reason)
    const renown = join(clone, 'node_modules/.bin/renown')
    const output = execFileSync(renown, ['predict', 'What a waste of money'], { cwd: clone, env, encoding: 'utf8' })
    expect(output).toContain('negative')
  })
})
