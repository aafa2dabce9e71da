// Tests of `renown gate`: verdicts, exit codes, reports, and what is refused.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openModelFolder, scorePosts } from '@renown/models'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { cleanUp, runCli, TINY_MODEL, temporaryFolder } from '../test-cli.ts'
import { runHere } from '../train/test-run-here.ts'
import { checkLabelMeaning } from './check-label-meaning.ts'

afterEach(cleanUp)

const WORDS = ['the service was good', 'it broke again', 'a parcel came', 'i waited for an hour', 'thanks', 'why']
const TEXTS = Array.from({ length: 150 }, (_, post) => `${WORDS[post % 6]} ${WORDS[(post * 5 + 1) % 6]} ${post}`)

/** A hundred rows can't show much: everything that they would decide by chance is allowed. */
const WIDE = 'split: all\nmargin: 40\nclass_margin: 90\ncalibration_margin: 100\nlatency_ratio: 1000\n'

const LABELS = ['negative', 'neutral', 'positive']
let labels: readonly string[] = []

/** The model's own, but for every fifth post. */
beforeAll(async () => {
  const { logits } = await scorePosts(await openModelFolder(TINY_MODEL), TEXTS, { threads: 1, encoding: 'float32' })
  labels = logits.map(([window], post) => {
    const row = [...(window?.logits ?? [])]
    const predicted = row.indexOf(Math.max(...row))
    return LABELS[post % 5 === 0 ? (predicted + 1 + (post % 2)) % 3 : predicted] ?? ''
  })
})

interface Files {
  readonly folder: string
  readonly data: string
  /** Home and data, for the end of a command line. */
  readonly rest: readonly string[]
}

async function writeFiles(policy = WIDE): Promise<Files> {
  const folder = await temporaryFolder()
  const [data, policyFile] = [join(folder, 'posts.jsonl'), join(folder, 'gate.yaml')]
  await writeRows(data, (post) => ({ label: labels[post], source: post % 2 === 0 ? 'forum' : 'mail' }))
  await writeFile(policyFile, policy)
  const rest = ['--data', data, '--policy', policyFile, '--home', join(folder, 'home'), '--threads', '1', '--quiet']
  return { folder, data, rest }
}

async function writeRows(path: string, fields: (post: number) => object): Promise<void> {
  await writeFile(path, TEXTS.map((text, post) => `${JSON.stringify({ text, ...fields(post) })}\n`).join(''))
}

describe('renown gate', () => {
  test('passes a candidate that is the champion, with 0, and writes three reports', async () => {
    const { folder, rest } = await writeFiles()
    const report = join(folder, 'report')
    const args = ['gate', TINY_MODEL, '--champion', TINY_MODEL, '--base', TINY_MODEL, '--report', report, ...rest]
    const { code, stdout, stderr } = await runCli(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Data {3}posts, split all: 150 of 150 rows, gate 1 on them, candidate 1$/m)
    expect(stdout).toMatch(/^champion .* pass .* points of macro recall against the champion/m)
    expect(stdout).toMatch(/\nVerdict: pass\n$/)
    expect((await readdir(report)).sort()).toEqual(['gate.html', 'gate.json', 'gate.md'])
    const json = JSON.parse(await readFile(join(report, 'gate.json'), 'utf8'))
    expect(json).toMatchObject({ kind: 'renown-gate', format: 1, verdict: 'pass', data: { rows: 150 } })
    expect(json.slices.map(({ slice }: { slice: string }) => slice)).toEqual(
      expect.arrayContaining(['from forum', 'from mail']),
    )
    for (const form of ['gate.md', 'gate.html', 'gate.json']) {
      expect(await readFile(join(report, form), 'utf8')).not.toContain(TEXTS[0])
    }
  })

  test('says with 5 that the default policy can not be judged by so few rows, and how many it would take', async () => {
    const { folder, rest } = await writeFiles('split: all\ncalibration_margin: 100\nlatency_ratio: 1000\n')
    const { code, stdout } = await runHere(['gate', TINY_MODEL, '--champion', TINY_MODEL, '--json', ...rest])
    expect(code).toBe(5)
    const report = JSON.parse(stdout)
    expect(report.verdict).toBe('undecidable')
    const champion = report.rules.find(({ rule }: { rule: string }) => rule === 'champion')
    expect(champion.sentence).toMatch(/150 rows are too few to see that, about [\d,]+ would do/)
    expect(await readFile(join(folder, 'home', 'gate', 'evaluations.jsonl'), 'utf8')).toContain('"undecidable"')
  })

  test('fails with 4, by training rows that the data holds', async () => {
    const { data, rest } = await writeFiles()
    const { code, stdout } = await runHere([
      'gate',
      TINY_MODEL,
      '--champion',
      TINY_MODEL,
      '--train-file',
      data,
      ...rest,
    ])
    expect(code).toBe(4)
    expect(stdout).toMatch(/^training-rows .* FAIL .* 150 of 150 rows equal or resemble one of 150 training rows/m)
  })

  test('takes the gate split of a file, by default', async () => {
    const { rest } = await writeFiles(WIDE.replace('split: all', 'gate_share: 0.5'))
    const { stdout } = await runHere(['gate', TINY_MODEL, '--json', ...rest])
    const { data } = JSON.parse(stdout)
    expect(data).toMatchObject({ split: 'gate', rowsOfFile: 150 })
    expect(Math.abs(data.rows - 75)).toBeLessThan(30)
  })

  test('refuses numbers that count labels in different orders, and takes them once they are named', async () => {
    const { folder, data, rest } = await writeFiles()
    const turned = join(folder, 'turned')
    await cp(TINY_MODEL, turned, { recursive: true })
    for (const extra of ['golden.json', 'gradients.safetensors', 'trained.safetensors']) await rm(join(turned, extra))
    const config = JSON.parse(await readFile(join(turned, 'config.json'), 'utf8'))
    const order = ['positive', 'neutral', 'negative']
    config.id2label = Object.fromEntries(order.map((label, index) => [index, label]))
    config.label2id = Object.fromEntries(order.map((label, index) => [label, index]))
    await writeFile(join(turned, 'config.json'), JSON.stringify(config))
    const numbers: Record<string, string> = { negative: '0', neutral: '1', positive: '2' }
    const text = await readFile(data, 'utf8')
    await writeFile(
      data,
      text.replace(/"label":"(\w+)"/g, (_, label: string) => `"label":${numbers[label]}`),
    )
    const args = ['gate', TINY_MODEL, '--champion', turned, ...rest]
    const refused = await runHere(args)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/"[02]" in the data means \w+ to the candidate and \w+ to the champion/)
    expect(refused.stderr).toContain('(LABELS_UNKNOWN)')
    const named = await runHere([...args, '--label-map', '0=negative,1=neutral,2=positive'])
    expect(named.stdout).toMatch(/\nVerdict: (pass|fail)\n$/)
  })

  test.each([
    ['a policy with an unknown key', 'margn: 1', [], 2, 'did you mean "margin"? (GATE_POLICY_INVALID)'],
    ['a policy that is not there', WIDE, ['--policy', 'nowhere.yaml'], 2, '--policy: "nowhere.yaml" can\'t be read'],
    ['data that is not there', WIDE, ['--data', 'nowhere.csv'], 1, 'nowhere.csv'],
    ['a champion that is not there', WIDE, ['--champion', 'nobody'], 1, 'there is no model "nobody"'],
    ['a column that is not there', WIDE, ['--source-column', 'place'], 2, '"place"'],
    ['the test split, which the policy does not name', 'split: gate', ['--split', 'test'], 1, '(GATE_REFUSED)'],
  ])('refuses %s', async (_name, policy, more, expected, message) => {
    const { rest } = await writeFiles(policy)
    const { code, stdout, stderr } = await runHere(['gate', TINY_MODEL, ...rest, ...more])
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toContain(message)
  })

  test('refuses rows of one label, and of labels that the model does not know', async () => {
    const { data, rest } = await writeFiles()
    await writeRows(data, () => ({ label: 'neutral' }))
    expect((await runHere(['gate', TINY_MODEL, ...rest])).stderr).toContain('got 150 of "neutral" alone (GATE_REFUSED)')
    await writeRows(data, (post) => ({ label: post % 2 === 0 ? 'neutral' : 'angry' }))
    expect((await runHere(['gate', TINY_MODEL, ...rest])).stderr).toContain('"angry" (75)')
  })
})

test('labels by name mean the same in any order; a reference with other labels has no say', () => {
  const candidate = { role: 'candidate', labels: ['negative', 'neutral', 'positive'] }
  const champion = { role: 'champion', labels: ['Positive', 'Neutral', 'Negative'] }
  const other = { role: 'base', labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'] }
  const check =
    (found: readonly string[], map = new Map<string, string>(), names?: readonly string[]) =>
    () =>
      checkLabelMeaning(found, candidate, [other, champion], map, names)
  expect(check(['negative', 'POSITIVE', 'unheard of'])).not.toThrow()
  expect(check(['1'])).not.toThrow()
  expect(check(['0'])).toThrow('"0" in the data means negative to the candidate and Positive to the champion')
  expect(
    check(
      ['0', '2'],
      new Map([
        ['0', 'negative'],
        ['2', 'positive'],
      ]),
    ),
  ).not.toThrow()
  expect(check(['0', '2'], new Map(), ['negative', 'neutral', 'positive'])).not.toThrow()
})
