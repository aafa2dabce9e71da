// Tests of a training that is judged, and published only where it passes, against a stand-in for the Hub.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gateSplit } from '@renown/ml'
import { openModelFolder, scorePosts } from '@renown/models'
import { type HubStandIn, startHubStandIn } from '@renown/models/testing/hub-stand-in'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cleanUp, TINY_MODEL, temporaryFolder } from '../test-cli.ts'
import { somePosts, type TestPost, toCsv } from './test-posts.ts'
import { type HereResult, runHere, trainHere } from './test-run-here.ts'

const TOKEN = 'hf_notARealTokenOfAnybody'
const TEXTS = somePosts(150).map(({ text }) => text)
/** So few rows can't show much: whatever they would decide by chance is allowed. */
const WIDE =
  'gate_share: 0.5\nmargin: 90\nclass_margin: 99\ncalibration_margin: 100\nslice_margin: 100\nquantised_margin: 90\nlatency_ratio: 1000\nsize_ratio: 100\nleaked_share: 30\n'
let hub: HubStandIn
let folder: string

/** Labelled as the base answers, but for every fifth: what isn't worse than it is better than guessing. */
async function label(texts: readonly string[]): Promise<TestPost[]> {
  const { logits } = await scorePosts(await openModelFolder(TINY_MODEL), texts, { threads: 1, encoding: 'float32' })
  return logits.map(([window], post) => {
    const row = [...(window?.logits ?? [])]
    const answer = row.indexOf(Math.max(...row)) + (post % 10 === 0 ? 1 + (post % 3) : 0)
    return { text: texts[post] ?? '', label: ['negative', 'neutral', 'positive'][answer % 3] ?? '' }
  })
}

beforeAll(async () => {
  hub = await startHubStandIn({ token: TOKEN })
  folder = await temporaryFolder()
  await writeFile(join(folder, 'train.csv'), toCsv(await label(TEXTS)))
  await writeFile(join(folder, 'validation.csv'), toCsv(await label(somePosts(18, 150).map(({ text }) => text))))
  await writeFile(join(folder, 'wide.yaml'), WIDE)
  await writeFile(join(folder, 'strict.yaml'), `${WIDE}class_floor: 100\n`)
})
afterAll(async () => {
  await hub.close()
  await cleanUp()
})

async function train(name: string, more: readonly string[]): Promise<HereResult> {
  const data = ['--train-file', join(folder, 'train.csv'), '--validation-file', join(folder, 'validation.csv')]
  const args = ['--base', TINY_MODEL, ...data, '--output', join(folder, name), '--home', join(folder, 'home')]
  const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: join(folder, 'cache'), HF_TOKEN: TOKEN, HF_USERNAME: 'someone' }
  return await trainHere([...args, '--max-steps', '2', '--threads', '1', ...more], env)
}

const PUSH = ['--push-to-hub', '--license', 'mit', '--hub-model-id', 'someone/mood']
const policy = (name: string): string[] => ['--gate-policy', join(folder, `${name}.yaml`)]

async function readJson(...path: readonly string[]): Promise<Record<string, unknown> & { [key: string]: never }> {
  return JSON.parse(await readFile(join(folder, ...path), 'utf8'))
}

describe('a training that is pushed', () => {
  test('is judged against the base alone at first, then against main, and published each time it passes', async () => {
    const first = await train('first', [...PUSH, ...policy('wide')])
    expect({ code: first.code, stderr: first.code === 0 ? '' : first.stderr }).toEqual({ code: 0, stderr: '' })
    expect(first.stderr).toContain('There is no champion to compare with: the base alone is the bar')
    expect(first.stdout).toMatch(/^base .* pass .* against the untouched base/m)
    expect(first.stdout).toMatch(/\nVerdict: pass\n[\s\S]*Use it as hf:someone\/mood@v/)
    const commit = hub.inspect('someone/mood')?.commit
    const next = await train('second', [...PUSH, ...policy('wide'), '--seed', '7', '--learning-rate', '1e-4'])
    expect({ code: next.code, stderr: next.code === 0 ? '' : next.stderr }).toEqual({ code: 0, stderr: '' })
    const { references, verdict, candidate } = await readJson('second', 'gate.json')
    expect(references).toMatchObject([
      { role: 'champion', reference: `hf:someone/mood@${commit}`, skipped: null },
      { role: 'base', skipped: null },
    ])
    expect(verdict).toBe('pass')
    expect(hub.inspect('someone/mood')?.commit).not.toBe(commit)
    expect(candidate).toMatchObject({ reference: join(folder, 'second') })
  })

  test('is not published where it fails, with 4, or where too few rows can tell, with 5; the model stands', async () => {
    const before = hub.inspect('someone/mood')?.commit
    const failed = await train('failed', [...PUSH, ...policy('strict')])
    expect(failed.code).toBe(4)
    expect(failed.stderr).toContain('Nothing is published: the verdict is "fail"')
    expect((await readdir(join(folder, 'failed'))).sort()).toEqual(
      expect.arrayContaining(['gate.html', 'gate.json', 'gate.md', 'renown.json']),
    )
    const unclear = await train('unclear', [...PUSH, '--gate-share', '0.4'])
    expect(unclear.code).toBe(5)
    expect(unclear.stdout).toMatch(/rows are too few to see that, about [\d,]+ would do/)
    expect(hub.inspect('someone/mood')?.commit).toBe(before)
  })
})

describe('the gate split', () => {
  test('is held out of the training, recorded, and no training row to a gate that comes later', async () => {
    const { code, stderr } = await train('held', ['--gate', ...policy('wide'), '--champion', 'none'])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const { gate } = gateSplit(TEXTS, { share: 0.5, seed: 7 })
    expect(stderr).toContain(`Held out    ${gate.length} posts, for the gate`)
    const { training } = (await readJson('held', 'renown.json')) as never as {
      training: { recipe: object; data: { rows: number }[] }
    }
    expect(training.recipe).toMatchObject({ gate_share: 0.5, gate_seed: 7 })
    expect(Object.keys(training.recipe)).not.toContain('champion')
    expect(training.data[0]?.rows).toBeLessThanOrEqual(TEXTS.length - gate.length)
    const report = await readJson('held', 'gate.json')
    expect(report).toMatchObject({
      verdict: 'pass',
      data: { split: 'gate', rows: gate.length },
      trainingRows: { by: 'texts', leaked: 0 },
    })
    const again = ['gate', join(folder, 'held'), '--data', join(folder, 'train.csv'), '--threads', '1', '--quiet']
    const later = await runHere([...again, '--policy', join(folder, 'wide.yaml'), '--home', join(folder, 'home')])
    expect(later.stdout).toMatch(/^training-rows .* pass .* which held the gate split out/m)
  })

  test('is not held out unless something is judged, and not where that is said', async () => {
    const plain = await train('plain', ['--max-steps', '1'])
    expect(plain.code).toBe(0)
    expect(plain.stderr).not.toContain('Held out')
    const { training } = (await readJson('plain', 'renown.json')) as never as { training: { recipe: object } }
    expect(training.recipe).toMatchObject({ gate_share: 0 })
    const args = ['--gate', '--gate-file', join(folder, 'validation.csv'), '--gate-share', '0', '--dry-run']
    expect((await train('dry', args)).stderr).toContain('Judged on   18 posts of validation.csv')
  })
})

describe('what would be refused after the training is refused before it', () => {
  test.each([
    [
      'a policy that is not there',
      ['--gate', '--gate-policy', 'nowhere.yaml'],
      2,
      '--gate-policy: "nowhere.yaml" can\'t be read',
    ],
    ['a champion that is not there', ['--gate', '--champion', 'nobody'], 1, 'there is no model "nobody"'],
    ['wishes for a gate without one', ['--champion', 'default'], 2, '--champion: expected --gate or --push-to-hub'],
    ['a seed without a share', ['--gate-seed', '3'], 2, '--gate-seed: expected --gate-share beside it'],
    ['a share of everything', ['--gate-share', '1'], 2, 'a share from 0 (none) to below 1'],
    ['nothing to judge on', ['--gate', '--gate-share', '0'], 2, 'nothing is held out'],
    [
      'too little to judge on',
      ['--gate', '--gate-share', '0.001'],
      1,
      'expected posts of two labels or more, got none',
    ],
    ['posts that are not there', ['--gate', '--gate-file', 'nowhere.csv'], 2, '"nowhere.csv" is no file'],
  ])('%s', async (_name, more, expected, message) => {
    const { code, stderr } = await train('refused', more)
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringContaining(message) })
    expect(await readdir(folder)).not.toContain('refused')
  })

  test('a policy that judges on a split that is not there', async () => {
    await mkdir(join(folder, 'policies'), { recursive: true })
    await writeFile(join(folder, 'policies', 'test.yaml'), 'split: test\n')
    await writeFile(join(folder, 'policies', 'all.yaml'), 'split: all\n')
    const onTest = await train('refused', ['--gate', '--gate-policy', join(folder, 'policies', 'test.yaml')])
    expect(onTest.stderr).toContain('the policy judges on the test split, and there are no such posts')
    const onAll = await train('refused', ['--gate', '--gate-policy', join(folder, 'policies', 'all.yaml')])
    expect(onAll.stderr).toContain('name it with --gate-file')
  })
})
