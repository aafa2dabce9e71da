// Tests of `renown summary`: what it says of runs that came to an end, and of runs that didn't.
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultModelFolder } from '@renown/models'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cleanUp, temporaryFolder } from '../test-cli.ts'
import { runHere } from '../train/test-run-here.ts'

const PUBLICATION = {
  name: 'someone/mood',
  page: 'https://hub.example/someone/mood',
  commit: 'a'.repeat(40),
  tag: 'v0123abcd',
  isCommitted: true,
}
let folder: string
let model: string

beforeEach(async () => {
  folder = await temporaryFolder()
  model = join(folder, 'candidate')
})
afterEach(cleanUp)

async function writeModel(verdict?: string): Promise<void> {
  await cp(join(defaultModelFolder(), 'renown.json'), join(model, 'renown.json'))
  if (verdict === undefined) return
  await writeFile(join(model, 'gate.json'), JSON.stringify({ kind: 'renown-gate', verdict }))
  await writeFile(join(model, 'gate.md'), `## Gate: ${verdict}\n`)
}

async function writePublication(text: string = JSON.stringify(PUBLICATION)): Promise<string[]> {
  await writeFile(join(folder, 'publication.json'), text)
  return ['--publication', join(folder, 'publication.json')]
}

test('a published model is told of with where it is, what it is and why it passed', async () => {
  await writeModel('pass')
  const { code, stdout } = await runHere(['summary', model, ...(await writePublication())])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^# \[someone\/mood\]\(https:\/\/hub\.example\/someone\/mood\) is published\n/)
  expect(stdout).toContain('`renown serve --model hf:someone/mood@v0123abcd`')
  expect(stdout).toMatch(/^\| train \| [\d,]+ posts of /m)
  expect(stdout).toMatch(/\| \d+\.\d % \(\d+\.\d % – \d+\.\d %\) \|$/m)
  expect(stdout).toMatch(/\n\n## Gate: pass\n$/)
})

test('what was published already is unchanged', async () => {
  await writeModel('pass')
  const again = await writePublication(JSON.stringify({ ...PUBLICATION, isCommitted: false }))
  expect((await runHere(['summary', model, ...again])).stdout).toMatch(/^# .* is unchanged\n\nThe repository had/)
})

test.each([
  ['fail', 'The model failed the gate'],
  ['undecidable', 'The gate has too few posts to tell'],
  ['pass', 'passed the gate, and was not published'],
  [undefined, 'The model was made and not judged'],
])('nothing was published where the verdict is %s', async (verdict, sentence) => {
  await writeModel(verdict)
  const { code, stdout } = await runHere(['summary', model, ...(await writePublication(''))])
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(sentence) })
  expect(stdout).toMatch(/^# Nothing was published\n/)
})

test('a run that made no model is told of as that', async () => {
  const { code, stdout } = await runHere(['summary', model, '--publication', join(folder, 'none.json')])
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^# No model was made\n/) })
})

test('names make no markup, and files that are something else are refused', async () => {
  await writeModel('pass')
  const name = 'someone/<img src=x>|`_*'
  const { stdout } = await runHere([
    'summary',
    model,
    ...(await writePublication(JSON.stringify({ ...PUBLICATION, name }))),
  ])
  expect(stdout.split('\n')[0]).toContain('\\<img src=x\\>\\|\\`\\_\\*')
  for (const text of ['{', '[]', '{"name": 1}']) {
    const refused = await runHere(['summary', model, ...(await writePublication(text))])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('(INPUT_NOT_FOUND)') })
  }
  await writeFile(join(model, 'gate.json'), '{"kind": "else"}')
  expect((await runHere(['summary', model])).code).toBe(2)
})
