// Following, rolling back and staying off, with real servers, a real registry and tiny models.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Model, SentimentResponse } from '@renown/contract'
import { createSigningKeys, exportModelFolder, openRegistry, signModel } from '@renown/models'
import { readFolder, startHubStandIn } from '@renown/models/testing/hub-stand-in'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../config/read-config.ts'
import { type StartedServer, startServer } from '../start-server.ts'

const TINY = fileURLToPath(new URL('../../../ml/fixtures/tiny-bert', import.meta.url))
const BY = { who: 'somebody', why: 'for a test' }

let root: string
let made: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'renown-deployment-'))
  made = join(root, 'made')
  await exportModelFolder(TINY, made, { version: '1', kinds: ['quantized'] })
})
afterAll(async () => await rm(root, { recursive: true, force: true }))

const running: StartedServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
  vi.unstubAllEnvs()
})

async function serve(flags: Readonly<Record<string, unknown>>): Promise<StartedServer> {
  const fixed = { port: 0, threads: 1, logLevel: 'silent', followSeconds: 86_400, canarySeconds: 0 }
  const server = await startServer(readConfig({ flags: { ...fixed, ...flags } }).config)
  running.push(server)
  return server
}

interface Manifest {
  version: string
  answers: { files: { probabilities: string[] }[] }
}

/** The same model under another version, changed where the test wants it. */
async function variant(version: string, change: (manifest: Manifest) => void = () => undefined): Promise<string> {
  const folder = await mkdtemp(join(root, `v${version}-`))
  await cp(made, folder, { recursive: true })
  const path = join(folder, 'renown.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest
  manifest.version = version
  change(manifest)
  await writeFile(path, JSON.stringify(manifest))
  return folder
}

function alterAnswer({ answers }: Manifest): void {
  for (const file of answers.files) file.probabilities[5] = '0.00000 0.00000 1.00000'
}

async function predictedBy({ address }: StartedServer): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ text: 'which model is this' })
  const answer = await fetch(`${address}/predict`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as SentimentResponse).model
}

async function readiness({ address }: StartedServer): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${address}/health/ready`)
  return { status: answer.status, body: await answer.json() }
}

describe('a server that follows an alias', () => {
  test('takes versions over, goes back, stays off what failed, and remembers it; so does another of the same folder', async () => {
    const home = await mkdtemp(join(root, 'home-'))
    const registry = openRegistry(home)
    for (const version of ['1', '2']) await registry.add(await variant(version), BY)
    await registry.add(await variant('3', alterAnswer), BY)
    await registry.promote('v1', 'champion', BY)
    const first = await serve({ home, model: 'champion' })
    const { deployment } = first.context
    expect(deployment.status()).toMatchObject({ following: 'champion', serving: { reference: 'v1' }, previous: null })
    await expect(deployment.rollback('nothing before')).rejects.toMatchObject({ code: 'ROLLBACK_REFUSED' })

    await registry.promote('v2', 'champion', BY)
    const swapped = await deployment.check()
    expect(swapped).toMatchObject({ serving: { reference: 'v2', version: '2' }, previous: { reference: 'v1' } })
    expect(swapped.checked?.error).toBeNull()
    expect(await predictedBy(first)).toBe('2')

    const back = await deployment.rollback('complaints')
    expect(back).toMatchObject({
      serving: { reference: 'v1' },
      previous: null,
      refused: [{ reference: 'v2', code: 'ROLLED_BACK', reason: 'complaints' }],
    })
    expect((await deployment.check()).serving.reference).toBe('v1')
    expect(await predictedBy(first)).toBe('1')

    const second = await serve({ home, model: 'champion' })
    expect(second.context.deployment.status()).toMatchObject({
      serving: { reference: 'v1' },
      refused: [{ reference: 'v2' }],
    })

    await expect(deployment.allow('v9')).rejects.toMatchObject({ code: 'VERSION_NOT_REFUSED' })
    expect(await deployment.allow('v2')).toMatchObject({ serving: { reference: 'v2' }, refused: [] })
    expect((await second.context.deployment.check()).serving.reference).toBe('v2')

    await registry.promote('v3', 'champion', BY)
    const refused = await deployment.check()
    expect(refused).toMatchObject({
      serving: { reference: 'v2' },
      loading: null,
      refused: [{ reference: 'v3', code: 'ANSWERS_DIFFER' }],
    })
    expect(await readiness(first)).toMatchObject({
      status: 200,
      body: { status: 'ready', notice: 'v3 is refused (ANSWERS_DIFFER); v2 serves' },
    })
    expect(await predictedBy(first)).toBe('2')
    const metrics = await (await fetch(`${first.address}/metrics`)).text()
    expect(metrics).toMatch(/renown_deployment_events_total\{event="refused"\} 1/)
    expect(metrics).toMatch(/renown_deployment_refused_versions 1/)
    expect(metrics).toMatch(/renown_model_loads_total\{result="loaded"\} 3/)
    expect(metrics).toMatch(/renown_model_loads_total\{result="refused"\} 1/)
    expect(metrics).toMatch(/renown_model_loads_total\{result="failed"\} 0/)
    expect(metrics).toMatch(/renown_model_info\{[^}]*version="2"[^}]*\} 1/)

    await registry.rollback('champion', BY)
    expect(await deployment.check()).toMatchObject({ serving: { reference: 'v2' }, refused: [] })
  })

  test('tells of the model that serves, not of the one before, after a swap and after going back', async () => {
    const home = await mkdtemp(join(root, 'home-'))
    const registry = openRegistry(home)
    await registry.add(await variant('1'), BY)
    await registry.add(await variant('2', (manifest) => Object.assign(manifest, { license: 'mit' })), BY)
    await registry.promote('v1', 'champion', BY)
    const server = await serve({ home, model: 'champion' })
    const { deployment, serving } = server.context
    const told = async (): Promise<unknown> => {
      const { version, license } = (await (await fetch(`${server.address}/api/v1/model`)).json()) as Model
      return { version, license, folder: serving.folder.manifest.version }
    }
    const before = await told()
    expect(before).toMatchObject({ version: '1', folder: '1' })
    await registry.promote('v2', 'champion', BY)
    await deployment.check()
    expect(await told()).toEqual({ version: '2', license: 'mit', folder: '2' })
    await deployment.rollback('complaints')
    expect(await told()).toEqual(before)
  })

  test('goes on where the version is damaged or the alias can no longer be read, and says so', async () => {
    const home = await mkdtemp(join(root, 'home-'))
    const registry = openRegistry(home)
    for (const version of ['1', '2']) await registry.add(await variant(version), BY)
    await registry.promote('v1', 'champion', BY)
    const server = await serve({ home, model: 'champion' })
    const { deployment } = server.context
    await registry.promote('v2', 'champion', BY)
    await writeFile(join((await registry.show('v2')).path, 'renown.json'), '{}')
    expect(await deployment.check()).toMatchObject({
      serving: { reference: 'v1' },
      refused: [{ reference: 'v2', code: 'REGISTRY_INVALID' }],
    })
    await rm(join(home, 'models', '.registry', 'log'), { recursive: true })
    const lost = await deployment.check()
    expect(lost.checked?.error).toContain('champion')
    expect(await readiness(server)).toMatchObject({ status: 200, body: { status: 'ready' } })
    expect(await predictedBy(server)).toBe('1')
  })

  test('doesn’t start where nothing has served and the version can’t', async () => {
    const home = await mkdtemp(join(root, 'home-'))
    await expect(serve({ home, model: 'champion' })).rejects.toMatchObject({ code: 'ALIAS_NOT_SET' })
    const registry = openRegistry(home)
    await registry.add(await variant('3', alterAnswer), BY)
    await registry.promote('v1', 'champion', BY)
    await expect(serve({ home, model: 'champion' })).rejects.toMatchObject({ code: 'ANSWERS_DIFFER' })
  })

  test('serves only what a trusted key has signed', async () => {
    const home = await mkdtemp(join(root, 'home-'))
    const registry = openRegistry(home)
    const { privatePem, publicKey } = createSigningKeys()
    const signed = await variant('1')
    await signModel(signed, privatePem)
    await registry.add(signed, BY)
    await registry.add(await variant('2'), BY)
    await registry.promote('v2', 'champion', BY)
    const flags = { home, model: 'champion', trustedKeys: publicKey }
    await expect(serve(flags)).rejects.toMatchObject({ code: 'MODEL_UNSIGNED' })
    await registry.promote('v1', 'champion', BY)
    const { deployment } = (await serve(flags)).context
    await registry.promote('v2', 'champion', BY)
    expect(await deployment.check()).toMatchObject({
      serving: { reference: 'v1' },
      refused: [{ reference: 'v2', code: 'MODEL_UNSIGNED' }],
    })
  })
})

describe('a server that follows a branch on the Hub', () => {
  test('takes a new commit over, and asks one small thing where there is none', async () => {
    const hub = await startHubStandIn()
    vi.stubEnv('HF_ENDPOINT', hub.url)
    vi.stubEnv('HF_HUB_CACHE', await mkdtemp(join(root, 'cache-')))
    const one = hub.add({ name: 'someone/tiny', files: await readFolder(made) })
    const server = await serve({ home: await mkdtemp(join(root, 'home-')), model: 'hf:someone/tiny' })
    const { deployment } = server.context
    expect(deployment.status()).toMatchObject({
      following: 'hf:someone/tiny@main',
      serving: { reference: `hf:someone/tiny@${one}` },
    })
    hub.requests.splice(0)
    await deployment.check()
    expect(hub.requests.map(({ url }) => url)).toEqual(['/api/models/someone/tiny/revision/main'])
    const two = hub.commit('someone/tiny', await readFolder(await variant('2')))
    expect((await deployment.check()).serving).toMatchObject({ reference: `hf:someone/tiny@${two}`, version: '2' })
    await hub.close()
    const { checked, refused } = await deployment.check()
    expect(checked?.error).not.toBeNull()
    expect(refused).toEqual([])
    expect(await predictedBy(server)).toBe('2')
  })
})

describe('a challenger in shadow', () => {
  test('reads along behind the answers, and its agreement is counted', async () => {
    const home = await mkdtemp(join(root, 'home-'))
    const registry = openRegistry(home)
    for (const version of ['1', '2']) await registry.add(await variant(version), BY)
    await registry.promote('v1', 'champion', BY)
    await registry.promote('v2', 'challenger', BY)
    const server = await serve({ home, model: 'champion', shadow: 'challenger', shadowShare: 1 })
    const { deployment } = server.context
    await expect.poll(() => deployment.status().challenger?.version.reference, { timeout: 120_000 }).toBe('v2')
    expect(await predictedBy(server)).toBe('1')
    await expect.poll(() => deployment.status().challenger?.compared, { timeout: 120_000 }).toBe(1)
    expect(deployment.status().challenger).toMatchObject({ share: 1, agreed: 1, disagreements: [] })
  }, 240_000)
})
