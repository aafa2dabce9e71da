// Tests of `renown train` with base and data from a stand-in for the Hub, over HTTP.
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HubStandIn, readFolder, startHubStandIn } from '@renown/models/testing/hub-stand-in'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cleanUp, TINY_MODEL, temporaryFolder } from '../test-cli.ts'
import { type HereResult, trainHere } from './test-run-here.ts'

let hub: HubStandIn
let folder: string

beforeEach(async () => {
  hub = await startHubStandIn()
  folder = await temporaryFolder()
})
afterEach(async () => {
  await hub.close()
  await cleanUp()
})

const POSTS = readFileSync(new URL('../../../models/fixtures/labelled-posts.parquet', import.meta.url))
const SPLITS = { 'data/train-00000-of-00001.parquet': POSTS, 'data/validation-00000-of-00001.parquet': POSTS }

async function train(...more: readonly string[]): Promise<HereResult> {
  return await trainWithCache('cache', ...more)
}

async function trainWithCache(cache: string, ...more: readonly string[]): Promise<HereResult> {
  const base = more.includes('--base') ? [] : ['--base', TINY_MODEL]
  const args = [...base, '--output', join(folder, 'mine'), '--max-steps', '2', '--threads', '1', ...more]
  return await trainHere(args, { HF_ENDPOINT: hub.url, HF_HUB_CACHE: join(folder, cache) })
}

describe('from the Hub', () => {
  test('come the data, with its commit and labels, and the base; both are in the lineage', async () => {
    const data = hub.add({ type: 'dataset', name: 'someone/posts', files: SPLITS })
    const model = hub.add({ name: 'someone/tiny', files: await readFolder(TINY_MODEL) })
    const { code, stderr } = await train('--base', 'hf:someone/tiny', '--dataset', 'someone/posts')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stderr).toContain('Training    6 posts of someone/posts, train')
    const manifest = JSON.parse(await readFile(join(folder, 'mine', 'renown.json'), 'utf8'))
    expect(manifest).toMatchObject({
      base: { name: 'someone/tiny', revision: model },
      training: { data: [{ name: 'someone/posts', revision: data, split: 'train', rows: 6 }, { split: 'validation' }] },
    })
    // Everything is in the cache now, at those commits.
    const requests = hub.requests.splice(0).length
    const pinned = ['--base', `hf:someone/tiny@${model}`, '--dataset', 'someone/posts', '--dataset-revision', data]
    expect(await train(...pinned, '--output', join(folder, 'again'))).toMatchObject({ code: 0 })
    expect([requests > 0, hub.requests]).toEqual([true, []])
  })

  test('a data set without a validation split says what to do', async () => {
    hub.add({ type: 'dataset', name: 'someone/posts', files: { 'data/train-00000-of-00001.parquet': POSTS } })
    expect(await train('--dataset', 'someone/posts')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'has no split "validation": take it from the training posts with --validation-split',
      ),
    })
    expect(await train('--dataset', 'someone/posts', '--validation-split', '0.5', '--random-split')).toMatchObject({
      code: 0,
    })
  })

  test('a data set that is a program is refused, with the way out', async () => {
    hub.add({ type: 'dataset', name: 'someone/old', files: { 'old.py': 'raise SystemExit' } })
    expect(await train('--dataset', 'someone/old')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/a program from the Hub is never run here.*\(DATASET_SCRIPT_ONLY\)/),
    })
  })
})

describe('trouble with the Hub is one line, and leaves nothing behind', () => {
  test('401 and 404', async () => {
    hub.add({ type: 'dataset', name: 'someone/posts', files: SPLITS, isPrivate: true })
    for (const name of ['someone/posts', 'someone/nothing']) {
      const { code, stderr } = await train('--dataset', name)
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^renown: .*\(HUB_[A-Z_]+\)\n$/) })
    }
    expect(await readdir(folder)).not.toContain('mine')
  })

  test('429 is waited for, and given up after five times', async () => {
    hub.add({ type: 'dataset', name: 'someone/posts', files: SPLITS })
    const busy = { kind: 'status', status: 429, headers: { 'retry-after': '0' } } as const
    hub.addFault({ match: /someone\/posts/, fault: busy, times: 1 })
    expect(await train('--dataset', 'someone/posts')).toMatchObject({ code: 0 })
    hub.addFault({ match: /someone\/posts/, fault: busy, times: 100 })
    expect(await train('--dataset', 'someone/posts', '--output', join(folder, 'other'))).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/using commit [0-9a-f]{12} of the data set someone\/posts from the cache/),
    })
    expect(
      await trainWithCache('empty', '--dataset', 'someone/posts', '--output', join(folder, 'third')),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(HUB_RATE_LIMITED)'),
    })
  })

  test('a Hub that is not there', async () => {
    await hub.close()
    const { code, stderr } = await train('--dataset', 'someone/posts')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('(HUB_UNREACHABLE)') })
  })
})
