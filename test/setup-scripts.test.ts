// What npm start and npm test do first: the lock, the stamps of what is installed and built, the totals.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acquireLock } from '../scripts/lock.mjs'
import { checkNode } from '../scripts/setup.mjs'
import { buildFingerprint, buildState, forgetBuilt, isInstalled, markBuilt, markInstalled } from '../scripts/stamps.mjs'
import { ROOT } from './support/workspace.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'renown setup ö '))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

test('an old Node.js is refused in words, the floor and everything newer is not', () => {
  expect(() => checkNode('18.20.4')).toThrow('Renown needs Node.js 20.19 or newer, and this is 18.20.4.')
  expect(() => checkNode('20.18.3')).toThrow('20.19')
  for (const version of ['20.19.0', '20.20.2', '22.1.0', '24.0.0']) expect(() => checkNode(version)).not.toThrow()
})

describe('the lock', () => {
  const script = (then: string): string[] => [
    '--input-type=module',
    '-e',
    `import { acquireLock } from ${JSON.stringify(pathToFileURL(join(ROOT, 'scripts/lock.mjs')).href)}
     const lock = await acquireLock(process.argv[1], () => {}); ${then}`,
    join(folder, 'lock'),
  ]

  test('lets one holder in at a time', async () => {
    const first = await acquireLock(join(folder, 'lock'), () => {})
    let waited = false
    const second = acquireLock(join(folder, 'lock'), () => {
      waited = true
      first.release()
    })
    const lock = await second
    expect(waited).toBe(true)
    lock.release()
    expect(existsSync(join(folder, 'lock'))).toBe(false)
  })

  test('of processes that died holding it is taken over', async () => {
    spawnSync(process.execPath, script('process.kill(process.pid, "SIGKILL")'))
    expect(existsSync(join(folder, 'lock'))).toBe(true)
    const lock = await acquireLock(join(folder, 'lock'), () => expect.unreachable('nobody holds the lock'))
    lock.release()
  })

  test('of a dead process whose child still works is waited for', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    spawnSync(process.execPath, script(`lock.include(${child.pid}); process.kill(process.pid, 'SIGKILL')`))
    const lock = await acquireLock(join(folder, 'lock'), () => child.kill('SIGKILL'))
    expect(child.killed).toBe(true)
    lock.release()
  })

  test('of a process whose number another one has now is taken over', async () => {
    const holder = { host: (await import('node:os')).hostname(), processes: [{ pid: process.pid, started: '1' }] }
    write('lock', JSON.stringify(holder))
    const lock = await acquireLock(join(folder, 'lock'), () => expect.unreachable('the holder is gone'))
    lock.release()
  })

  test('of another machine is taken over once it is silent', async () => {
    write('lock', JSON.stringify({ host: 'elsewhere', processes: [{ pid: process.pid, started: null }] }))
    let waited = false
    const lock = await acquireLock(join(folder, 'lock'), () => {
      waited = true
      utimesSync(join(folder, 'lock'), 0, 0)
    })
    expect(waited).toBe(true)
    lock.release()
  })

  test('is held by one of many processes that start together', async () => {
    const log = join(folder, 'log')
    const body = `const fs = await import('node:fs'); fs.appendFileSync(${JSON.stringify(log)}, 'in\\n');
      await new Promise((done) => setTimeout(done, 20)); fs.appendFileSync(${JSON.stringify(log)}, 'out\\n'); lock.release()`
    write('lock', JSON.stringify({ host: (await import('node:os')).hostname(), processes: [] }))
    const children = Array.from({ length: 6 }, () => spawn(process.execPath, script(body), { stdio: 'inherit' }))
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0, 0, 0, 0])
    expect(readFileSync(log, 'utf8')).toBe('in\nout\n'.repeat(6))
  })
})

describe('the stamps', () => {
  const lock = (version: string): string =>
    JSON.stringify({
      packages: {
        '': {},
        'node_modules/a': { version },
        'node_modules/other-platform': { version: '1.0.0', optional: true },
        'packages/ml': {},
      },
    })

  test('know an installed folder by the lockfile', () => {
    write('package-lock.json', lock('1.0.0'))
    expect(isInstalled(folder)).toBe(false)
    markInstalled(folder)
    expect(isInstalled(folder)).toBe(true)
    write('package-lock.json', lock('1.0.1'))
    expect(isInstalled(folder)).toBe(false)
  })

  test('accept what npm itself installed, if it is what the lockfile asks for', () => {
    write('package-lock.json', lock('1.0.0'))
    write('node_modules/a/package.json', '{}')
    write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }))
    expect(isInstalled(folder)).toBe(true)
    write('package-lock.json', lock('2.0.0'))
    expect(isInstalled(folder)).toBe(false)
  })

  test('refuse a node_modules of another platform', () => {
    write('package-lock.json', lock('1.0.0'))
    write('node_modules/a/package.json', '{}')
    write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }))
    write('node_modules/.renown-install', 'hash plan9 mips')
    expect(isInstalled(folder)).toBe(false)
  })

  test('know a build by its sources and its outputs', () => {
    const source = 'packages/ml/src/index.ts'
    for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json', source]) write(file, '{}')
    write('packages/ml/package.json', JSON.stringify({ exports: { '.': { default: './dist/index.js' } } }))
    expect(buildState(folder)).toBe('unknown')
    write('packages/ml/dist/index.js', '')
    write('packages/dashboard/dist/page/index.html', '')
    markBuilt(folder, buildFingerprint(folder))
    expect(buildState(folder)).toBe('fresh')
    write('packages/ml/dist/extra.js', 'outputs are not sources')
    expect(buildState(folder)).toBe('fresh')
    write(source, '{ }')
    expect(buildState(folder)).toBe('stale')
    markBuilt(folder, buildFingerprint(folder))
    rmSync(join(folder, 'packages/ml/dist/index.js'))
    expect(buildState(folder)).toBe('unknown')
    write('packages/ml/dist/index.js', '')
    forgetBuilt(folder)
    expect(buildState(folder)).toBe('unknown')
  })
})

test('the totals count tests, files that do not load, and errors outside of tests', () => {
  write(
    'one.test.mjs',
    `import { expect, test } from 'vitest'
     test('holds', () => {}); test('breaks', () => expect(1).toBe(2))
     test('waits', (context) => context.skip('no moon tonight'))
     test('leaks', () => { setTimeout(() => { throw new Error('late') }) ; return new Promise((done) => setTimeout(done, 50)) })`,
  )
  write('two.test.mjs', `import './not-there.mjs'`)
  write('package.json', '{"type":"module"}')
  cpSync(join(ROOT, 'scripts/totals-reporter.mjs'), join(folder, 'totals-reporter.mjs'))
  const totals = join(folder, 'totals.json')
  const args = ['run', '--root', folder, '--reporter', join(folder, 'totals-reporter.mjs'), '--no-cache']
  const env = { ...process.env, TEST_TOTALS_FILE: totals, NODE_PATH: join(ROOT, 'node_modules') }
  const config = join(folder, 'vitest.config.mjs')
  writeFileSync(
    config,
    `export default { resolve: { alias: { vitest: ${JSON.stringify(join(ROOT, 'node_modules/vitest'))} } } }`,
  )
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    env,
    cwd: folder,
  })
  expect(status).not.toBe(0)
  const counted = JSON.parse(readFileSync(totals, 'utf8'))
  expect(counted).toMatchObject({ passed: 2, failed: 3, skipped: 1 })
  expect(counted.skips).toEqual(['one.test.mjs: waits: no moon tonight'])
  expect(counted.failures).toContain('one.test.mjs: breaks')
  expect(counted.failures).toContain('outside every test: late')
})
