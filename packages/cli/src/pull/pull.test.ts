// Tests of `renown pull`, against a stand-in for the Hub.
import { cp, lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultModelFolder, parseManifest } from '@renown/models'
import { type HubStandIn, readFolder, startHubStandIn } from '@renown/models/testing/hub-stand-in'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cleanUp, TINY_MODEL, temporaryFolder } from '../test-cli.ts'
import { type HereResult, runHere } from '../train/test-run-here.ts'

const TOKEN = 'hf_notARealTokenOfAnybody'
const NAMES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt', 'model.safetensors']
let hub: HubStandIn
let folder: string

beforeEach(async () => {
  hub = await startHubStandIn({ token: TOKEN })
  folder = await temporaryFolder()
})
afterEach(async () => {
  await hub.close()
  await cleanUp()
})

async function pull(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<HereResult> {
  return await onHub(['pull', ...args], env)
}

async function onHub(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<HereResult> {
  const settings = {
    HF_ENDPOINT: hub.url,
    HF_HUB_CACHE: join(folder, 'cache'),
    HF_TOKEN: TOKEN,
    HF_USERNAME: 'someone',
  }
  return await runHere(args, { ...settings, ...env })
}

test('a model becomes a folder of its own files, and what was found is written for the next step', async () => {
  const commit = hub.add({ name: 'someone/mood', files: await readFolder(defaultModelFolder()) })
  const [to, outputs] = [join(folder, 'champion'), join(folder, 'outputs')]
  await writeFile(outputs, 'earlier=line\n')
  const { code, stdout } = await pull(['mood', '--to', to, '--missing-ok', '--outputs', outputs])
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`commit ${commit.slice(0, 12)}`) })
  expect(await readFile(outputs, 'utf8')).toBe(
    `earlier=line\nmodel=${to}\nname=someone/mood\ncommit=${commit}\nbest=none\n`,
  )
  expect((await runHere(['models', 'verify', to])).code).toBe(0)
  for (const entry of await readdir(to, { recursive: true })) {
    expect((await lstat(join(to, entry))).isSymbolicLink()).toBe(false)
  }
  await rm(join(folder, 'cache'), { recursive: true })
  expect((await runHere(['predict', 'The soup was cold', '--model', to])).code).toBe(0)
})

test('a repository that is not there, or holds no model, is none where that is allowed', async () => {
  const commit = hub.add({ name: 'someone/empty', files: { '.gitattributes': '*.onnx filter=lfs\n' } })
  const outputs = join(folder, 'outputs')
  for (const name of ['someone/nothing', 'empty']) {
    const args = [name, '--to', join(folder, 'champion'), '--missing-ok', '--outputs', outputs]
    expect(await pull(args)).toMatchObject({ code: 0, stderr: expect.stringContaining('holds no model yet') })
  }
  const lines = (name: string, at: string): string => `model=none\nname=someone/${name}\ncommit=${at}\nbest=none\n`
  expect(await readFile(outputs, 'utf8')).toBe(lines('nothing', 'none') + lines('empty', commit))
  expect(await readdir(folder)).not.toContain('champion')
  expect(await pull(['nothing', '--to', join(folder, 'x')])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(HUB_NOT_FOUND)'),
  })
})

test('what is broken or refused is never taken for none', async () => {
  const files = await readFolder(defaultModelFolder())
  hub.add({ name: 'someone/damaged', files: { ...files, 'renown.json': '{"format": 7}' } })
  hub.add({ name: 'someone/private', files, isPrivate: true })
  const to = ['--to', join(folder, 'champion'), '--missing-ok']
  const results = [
    await pull(['damaged', ...to]),
    await pull(['private', ...to], { HF_TOKEN: 'hf_expired' }),
    await pull(['private', ...to], { HF_TOKEN: '' }),
    await pull(['private@main', ...to]),
    await pull(['private', ...to], { HF_USERNAME: '' }),
    await pull(['../private', ...to]),
  ]
  expect(results.map(({ stderr }) => /\((\w+)\)\n$/.exec(stderr)?.[1])).toEqual([
    'MANIFEST_INVALID',
    'HUB_UNAUTHORIZED',
    'USAGE_INVALID',
    'USAGE_INVALID',
    'USAGE_INVALID',
    'HUB_NAME_INVALID',
  ])
  expect(results.map(({ stderr }) => stderr).join('')).not.toContain('hf_')
  expect(await readdir(folder)).not.toContain('champion')
})

test('a folder that holds something is left alone', async () => {
  hub.add({ name: 'someone/tiny', files: await readFolder(TINY_MODEL, NAMES) })
  const to = join(folder, 'mine')
  await cp(TINY_MODEL, to, { recursive: true })
  const before = await readdir(to)
  expect(await pull(['tiny', '--to', to])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(EXPORT_REFUSED)'),
  })
  expect(await readdir(to)).toEqual(before)
  const outputs = join(folder, 'nowhere', 'outputs')
  const refused = await pull(['tiny', '--to', join(folder, 'other'), '--outputs', outputs])
  expect(refused.stderr).toContain('(OUTPUT_FAILED)')
})

test('the best version that was ever tagged comes along, where it is not the newest', async () => {
  const files = await readFolder(defaultModelFolder())
  const manifest = parseManifest(JSON.parse(files['renown.json']?.toString() ?? ''))
  const withRecall = (value: number): Record<string, Uint8Array> => {
    const evaluations = manifest.evaluations.map((each) => ({ ...each, metrics: { macroRecall: { value } } }))
    return { ...files, 'renown.json': Buffer.from(JSON.stringify({ ...manifest, evaluations })) }
  }
  hub.add({ name: 'someone/mood', files: withRecall(0.6) })
  const tag = (name: string, commit: string): Promise<Response> =>
    fetch(`${hub.url}/api/models/someone/mood/tag/${commit}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tag: name }),
    })
  const commits = [0.7, 0.65, 0.5].map((recall) => hub.commit('someone/mood', withRecall(recall)))
  commits.push(hub.commit('someone/mood', { 'renown.json': '{}' }), hub.commit('someone/mood', { 'notes.md': 'x' }))
  for (const [index, commit] of commits.entries()) await tag(`v${index}`, commit)
  hub.commit('someone/mood', withRecall(0.64))
  const [to, best, outputs] = ['champion', 'best', 'outputs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const args = ['mood', '--to', to, '--best-to', best, '--outputs', outputs]
  expect(await pull(args)).toMatchObject({ code: 0, stderr: expect.stringContaining('ever published is v0\n') })
  expect(await readFile(outputs, 'utf8')).toContain(`best=${best}\n`)
  const pulled = parseManifest(JSON.parse(await readFile(join(best, 'renown.json'), 'utf8')))
  expect(pulled.evaluations[0]?.metrics.macroRecall?.value).toBe(0.7)
  hub.commit('someone/mood', withRecall(0.71))
  expect((await pull(['mood', '--to', join(folder, 'a'), '--best-to', join(folder, 'b')])).code).toBe(0)
  expect(await readdir(folder)).not.toContain('b')
})

test('what is published with the commit that was pulled replaces that one, and nothing that came after it', async () => {
  const pulled = hub.add({ name: 'someone/mood', files: { 'notes.md': 'x' } })
  const now = hub.commit('someone/mood', { 'notes.md': 'y' })
  const publish = (commit: string): Promise<HereResult> =>
    onHub(['publish', 'default', '--to', 'mood', '--no-tag', '--expect', commit])
  for (const stale of [pulled, 'none']) {
    expect(await publish(stale)).toMatchObject({ code: 1, stderr: expect.stringContaining('(HUB_CONFLICT)') })
  }
  expect(hub.inspect('someone/mood')?.commit).toBe(now)
  expect(await publish(now)).toMatchObject({ code: 0 })
})
