// The image: rules that its Dockerfile keeps, its steps carried out in clean folders, and what comes out, running.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitForAddress } from '../support/printed-address.ts'
import { packages, ROOT, read } from '../support/workspace.ts'
import { type BuiltStage, buildImage, bytesUnder, listFiles } from './support/build-image.ts'
import { createDockerIgnore } from './support/docker-ignore.ts'
import { parseDockerfile, readCopy, type Step } from './support/dockerfile.ts'

const MINUTES = 60_000
const MEGABYTE = 1_000_000
const dockerfile = parseDockerfile(read('Dockerfile'))
const keeps = createDockerIgnore(read('.dockerignore'))
const last = dockerfile.stages.at(-1)

function stepsOf(instruction: string, steps: readonly Step[] = last?.steps ?? []): string[] {
  return steps.filter((step) => step.instruction === instruction).map(({ text }) => text)
}

describe('the Dockerfile', () => {
  const all = dockerfile.stages.flatMap(({ steps }) => steps)

  test('starts from one image of Node 24, by its exact version', () => {
    const names = new Set(dockerfile.stages.map(({ name }) => name))
    const images = new Set(dockerfile.stages.map(({ from }) => from).filter((from) => !names.has(from)))
    expect([...images]).toEqual([expect.stringMatching(/^node:24\.\d+\.\d+-[\w-]+-slim$/)])
  })

  test('installs by the lockfile alone, without install scripts', () => {
    const installs = stepsOf('RUN', all).filter((text) => text.includes('npm ') && !text.includes('npm run'))
    expect(installs).toHaveLength(2)
    for (const text of installs) expect(text).toMatch(/npm ci --ignore-scripts/)
  })

  test('copies the manifest of every package, and nothing from addresses', () => {
    const copied = stepsOf('COPY', all).flatMap((text) => readCopy(text).sources)
    for (const { name } of packages()) expect(copied).toContain(`packages/${name}/package.json`)
    expect(stepsOf('ADD', all)).toEqual([])
  })

  test('has no secret in arguments or variables, and no shell between the signal and the process', () => {
    for (const text of [...stepsOf('ENV', all), ...stepsOf('ARG', all)]) expect(text).not.toMatch(/key|token|password/i)
    for (const text of [...stepsOf('ENTRYPOINT'), ...stepsOf('CMD')]) expect(Array.isArray(JSON.parse(text))).toBe(true)
    expect(stepsOf('STOPSIGNAL')).toEqual(['SIGTERM'])
  })

  test('ends as a user who is not root, with a health check', () => {
    expect(stepsOf('USER')).toEqual(['node'])
    expect(stepsOf('RUN')).toEqual([])
    const command = /CMD (\[.*\])$/.exec(stepsOf('HEALTHCHECK')[0] ?? '')?.[1] ?? ''
    expect(JSON.parse(command)[0]).toBe('node')
  })
})

describe('the context', () => {
  test('leaves out what is private, installed, built, or only tests', () => {
    const out = [
      '.git/config',
      '.env',
      '.renown/keys.json',
      'node_modules/x/index.js',
      'packages/cli/node_modules/x/index.js',
      'packages/cli/dist/main.js',
      'packages/cli/src/program.test.ts',
      'bench/README.md',
      'renown.yaml',
      'models/recipes/default.yaml',
      'ops/prometheus/secrets/metrics-key',
    ]
    expect(out.filter(keeps)).toEqual([])
    expect(['package.json', '.npmrc', 'packages/cli/src/main.ts', 'models/default/config.json'].every(keeps)).toBe(true)
  })
})

function whyNot(): string {
  if (process.platform === 'win32') return 'a Unix shell is needed'
  if (!existsSync(join(ROOT, '.git')) || spawnSync('git', ['--version']).status !== 0) return 'not a git repository'
  const reach = spawnSync('npm', ['view', 'typescript', 'version', '--fetch-retries=0', '--fetch-timeout=10000'])
  return reach.status === 0 ? '' : 'the npm registry cannot be reached'
}

/** What is committed, as in a clone, as far as the .dockerignore leaves it in. */
function copyContext(target: string): void {
  mkdirSync(target, { recursive: true })
  const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 2 ** 30 })
  execFileSync('tar', ['-x'], { cwd: target, input: archive })
  const entries = readdirSync(target, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((it) => it.isFile())) {
    const path = join(entry.parentPath, entry.name)
    if (!keeps(relative(target, path))) rmSync(path)
  }
}

describe('what its steps make', () => {
  const reason = whyNot()
  let folder = ''
  let image: BuiltStage
  let home = ''
  let child: ChildProcess | undefined
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|RENOWN_)|^TEST$/.test(name))
  const env = Object.fromEntries([...kept, ['npm_config_prefer_offline', 'true']]) as NodeJS.ProcessEnv

  beforeAll(async () => {
    if (reason !== '') return
    folder = mkdtempSync(join(tmpdir(), 'renown-image-'))
    home = join(folder, 'data')
    copyContext(join(folder, 'context'))
    image = await buildImage(dockerfile, { context: join(folder, 'context'), target: join(folder, 'stages'), env })
  }, 20 * MINUTES)
  afterAll(() => {
    child?.kill('SIGKILL')
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  }, 5 * MINUTES)

  /** As in a container, but for where its root is. */
  function inImage(file: string, args: readonly string[], extra: NodeJS.ProcessEnv = {}) {
    const bin = join(image.root, 'renown/node_modules/.bin')
    const set = Object.fromEntries([...image.env].filter(([name]) => name !== 'PATH' && name !== 'HF_HOME'))
    const own = { ...env, ...set, PATH: `${bin}:${env.PATH}`, RENOWN_HOME: home, ...extra }
    return { file, args, options: { cwd: join(image.root, 'data'), env: own } }
  }

  test('is under 250 MB with the model', (context) => {
    context.skip(reason !== '', reason)
    const bytes = bytesUnder(image.root)
    expect(bytes).toBeGreaterThan(50 * MEGABYTE)
    expect(bytes).toBeLessThan(250 * MEGABYTE)
  })

  test("holds this platform's binaries alone, and nothing to build or test with", (context) => {
    context.skip(reason !== '', reason)
    const modules = join(image.root, 'renown/node_modules')
    const binaries = join(modules, 'onnxruntime-node/bin/napi-v6')
    expect(readdirSync(binaries)).toEqual([process.platform])
    expect(readdirSync(join(binaries, process.platform))).toEqual([process.arch])
    for (const name of ['typescript', 'vite', 'vitest', '@biomejs', 'playwright-core', 'tsx'])
      expect(existsSync(join(modules, name)), name).toBe(false)
    const names = readdirSync(join(image.root, 'renown/packages'), { recursive: true }).map(String)
    expect(names.filter((name) => /\.test\.|\.d\.ts$|\.map$|(^|\/)src$/.test(name))).toEqual([])
  })

  test(
    'is the same, file for file, when it is built again elsewhere, from a clone that others may write to',
    async (context) => {
      context.skip(reason !== '', reason)
      const again = join(folder, 'again')
      copyContext(join(again, 'context'))
      execFileSync('chmod', ['-R', 'g+w', join(again, 'context')])
      const paths = { context: join(again, 'context'), target: join(again, 'stages') }
      const second = listFiles((await buildImage(dockerfile, { ...paths, env })).root)
      const first = listFiles(image.root)
      expect(first.size).toBeGreaterThan(1000)
      expect([...second].filter(([path, file]) => first.get(path) !== file)).toEqual([])
      expect(second.size).toBe(first.size)
      rmSync(again, { recursive: true })
    },
    20 * MINUTES,
  )

  test('makes its keys once, and again what was lost', (context) => {
    context.skip(reason !== '', reason)
    const secrets = join(folder, 'secrets')
    // As /data and /secrets are there in the image.
    for (const path of [home, secrets]) mkdirSync(path)
    const { file, args, options } = inImage('sh', [join(image.root, 'renown/ops/image/make-keys.sh')], {
      SECRETS: secrets,
    })
    const makeKeys = () => execFileSync(file, args, { ...options, encoding: 'utf8' })
    const key = (path: string) => readFileSync(path, 'utf8')
    expect(makeKeys()).toContain('page-key')
    const [page, metrics] = [join(home, 'page-key'), join(secrets, 'metrics-key')]
    const first = [key(page), key(metrics)]
    for (const made of first) expect(made).toMatch(/^rk_\S+\n$/)
    expect(statSync(page).mode & 0o777).toBe(0o400)
    expect(statSync(metrics).mode & 0o777).toBe(0o440)
    makeKeys()
    expect([key(page), key(metrics)]).toEqual(first)
    rmSync(metrics)
    makeKeys()
    expect(key(page)).toBe(first[0])
    expect(key(metrics)).not.toBe(first[1])
  })

  test(
    'answers with a key alone, is healthy, and ends with 0 on SIGTERM',
    async (context) => {
      context.skip(reason !== '', reason)
      const entry = JSON.parse(stepsOf('ENTRYPOINT')[0] ?? '[]') as string[]
      const command = [...entry, ...(JSON.parse(stepsOf('CMD')[0] ?? '[]') as string[])]
      const [file = '', ...args] = command.map((word) => (word.startsWith('/') ? join(image.root, word) : word))
      const served = inImage(file, args, { RENOWN_PORT: '0', RENOWN_METRICS_PORT: '0', RENOWN_LOG_LEVEL: 'warn' })
      child = spawn(served.file, served.args, { ...served.options, stdio: ['ignore', 'pipe', 'pipe'] })
      const closed = once(child, 'close')
      const { url } = await waitForAddress(child)
      const port = new URL(url).port
      const address = `http://127.0.0.1:${port}`
      const key = readFileSync(join(home, 'page-key'), 'utf8').trim()
      const predict = (authorization: string) =>
        fetch(`${address}/predict`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: '{"text":"What a lovely day"}',
        })
      expect((await predict('')).status).toBe(401)
      const answered = await predict(`Bearer ${key}`)
      expect(await answered.json()).toMatchObject({ label: 'positive' })
      expect(await (await fetch(address)).text()).toContain('<script')
      const [check = '', ...rest] = JSON.parse(/CMD (\[.*\])$/.exec(stepsOf('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]')
      const health = inImage(check, rest, { RENOWN_PORT: port })
      expect(spawnSync(health.file, health.args, health.options).status).toBe(0)
      child.kill('SIGTERM')
      expect((await closed)[0]).toBe(0)
      expect(spawnSync(health.file, health.args, health.options).status).toBe(1)
    },
    2 * MINUTES,
  )
})
