// Tests of `renown train --push-to-hub`, against a stand-in for the Hub.
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type HubStandIn, startHubStandIn } from '@renown/models/testing/hub-stand-in'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cleanUp, TINY_MODEL, temporaryFolder } from '../test-cli.ts'
import { type HereResult, trainHere } from './test-run-here.ts'

const TOKEN = 'hf_notARealTokenOfAnybody'
const POSTS = readFileSync(new URL('../../../models/fixtures/labelled-posts.parquet', import.meta.url))
let hub: HubStandIn
let folder: string

beforeEach(async () => {
  hub = await startHubStandIn({ token: TOKEN })
  const files = { 'data/train-00000-of-00001.parquet': POSTS, 'data/validation-00000-of-00001.parquet': POSTS }
  hub.add({ type: 'dataset', name: 'someone/posts', files })
  folder = await temporaryFolder()
})
afterEach(async () => {
  await hub.close()
  await cleanUp()
})

async function train(more: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<HereResult> {
  const args = ['--base', TINY_MODEL, '--dataset', 'someone/posts', '--output', join(folder, 'mine')]
  const settings = {
    HF_ENDPOINT: hub.url,
    HF_HUB_CACHE: join(folder, 'cache'),
    HF_TOKEN: TOKEN,
    HF_USERNAME: 'someone',
  }
  return await trainHere([...args, '--max-steps', '2', '--threads', '1', ...more], { ...settings, ...env })
}

test('the finished model is published under the name of its folder, without checkpoints and report', async () => {
  const { code, stdout, stderr } = await train([
    '--push-to-hub',
    '--gate',
    'false',
    '--hub-private-repo',
    '--license',
    'mit',
  ])
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('Use it as hf:someone/mine@v')
  const names = [...(hub.inspect('someone/mine')?.files.keys() ?? [])]
  expect(names).toEqual(expect.arrayContaining(['model.safetensors', 'onnx/model_quantized.onnx', 'README.md']))
  expect(names.filter((name) => /report|checkpoint|state/.test(name))).toEqual([])
  expect(await readdir(join(folder, 'mine'))).toContain('report.html')
})

test('what would be refused afterwards is refused before anything is trained', async () => {
  hub.add({ name: 'someone/public', files: { 'notes.md': 'x' } })
  const push = ['--push-to-hub', '--license', 'mit']
  const results = [
    await train(['--push-to-hub']),
    await train(['--hub-model-id', 'someone/mine']),
    await train([...push, '--hub-model-id', 'a/b/c']),
    await train([...push, '--hub-model-id', 'someone/public', '--hub-private-repo']),
    await train(push, { HF_TOKEN: '' }),
  ]
  expect(results.map(({ stderr }) => /\((\w+)\)\n$/.exec(stderr)?.[1])).toEqual([
    'USAGE_INVALID',
    'USAGE_INVALID',
    'HUB_NAME_INVALID',
    'PUBLISH_REFUSED',
    'HUB_UNAUTHORIZED',
  ])
  expect(results[0]?.stderr).toContain("name the model's with --license")
  expect(await readdir(folder)).not.toContain('mine')
})

test('a model that could not be published stands, and the way to publish it is said', async () => {
  hub.addFault({ match: /preupload/, fault: { kind: 'status', status: 403 } })
  const { code, stderr } = await train([
    '--push-to-hub',
    '--gate',
    'false',
    '--hub-model-id',
    'someone/mood',
    '--license',
    'mit',
  ])
  expect(code).toBe(1)
  expect(stderr).toContain(`renown publish ${join(folder, 'mine')} --to someone/mood`)
  expect(stderr).toMatch(/write access.*\(HUB_UNAUTHORIZED\)\n$/)
  expect(await readdir(join(folder, 'mine'))).toContain('renown.json')
})
