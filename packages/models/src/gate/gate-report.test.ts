// Reports: the verdict first, every rule, and nothing of a name taken for Markdown or HTML.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { HASH, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import type { GateReport, GateRule } from './gate-types.ts'
import { GATE_POLICY } from './policy.ts'
import { renderGateHtml } from './render-gate-html.ts'
import { renderGateMarkdown } from './render-gate-markdown.ts'
import { renderGateJson, writeGateReport } from './write-gate-report.ts'

afterEach(removeTemporaryFolders)

const rule = (name: GateRule['rule'], status: GateRule['status'], sentence: string): GateRule => ({
  rule: name,
  subject: 'onnx/model_quantized.onnx',
  status,
  measured: -0.004,
  bound: -0.011,
  allowed: -0.01,
  unit: 'share',
  sentence,
})

const DIFFERENCE = { difference: -0.004, low: -0.011, high: 0.003, standardError: 0.004 }
const MODEL = { name: 'tiny', version: '2', hash: HASH, reference: './tiny' }

const REPORT: GateReport = {
  kind: 'renown-gate',
  format: 1,
  created: '2026-02-03T04:05:06.000Z',
  verdict: 'fail',
  labels: ['negative', 'neutral', 'positive'],
  candidate: MODEL,
  references: [
    { role: 'champion', ...MODEL, version: '1', skipped: null },
    { role: 'base', ...MODEL, name: 'start', skipped: 'start has the labels yes, no' },
  ],
  data: {
    dataSet: 'posts',
    split: 'gate',
    sha256: HASH,
    set: HASH,
    rowsOfFile: 50_000,
    rows: 10_000,
    perClass: [3, 4, 5],
  },
  policy: GATE_POLICY,
  rules: [
    rule('guessing', 'pass', 'macro recall 70.0 %'),
    rule('champion', 'fail', 'a loss of 0.4 points'),
    rule('class-recall', 'undecidable', 'too few rows'),
    rule('training-rows', 'skipped', 'not known'),
  ],
  models: [
    {
      role: 'candidate',
      file: 'onnx/model_quantized.onnx',
      encoding: 'int8',
      bytes: 1e6,
      macroRecall: { value: 0.7, low: 0.69, high: 0.71 },
      accuracy: { value: 0.71, low: 0.7, high: 0.72 },
      ece: 0.03,
      recalls: [0.6, 0.7, 0.8],
    },
  ],
  comparisons: [
    {
      file: 'onnx/model_quantized.onnx',
      against: 'champion',
      rows: 10_000,
      differing: 1700,
      macroRecall: DIFFERENCE,
      recalls: [DIFFERENCE, null, DIFFERENCE],
      mcNemar: { onlyFirst: 740, onlySecond: 700, p: 0.00004, method: 'mid-p' },
    },
  ],
  slices: [
    { slice: 'with an emoji', rows: 1000, candidate: 0.69, reference: 0.7, difference: DIFFERENCE },
    { slice: 'with a hashtag', rows: 20, candidate: 0.5, reference: 0.6, difference: null },
  ],
  speed: { candidate: 4, reference: 4, ratio: 1, rounds: 15 },
  trainingRows: { by: 'hashes', leaked: 0 },
  history: { gates: 3, candidates: 2 },
  warnings: ['look again'],
  machine: { cpu: 'Some CPU', threads: 2, platform: 'linux x64', node: '20.20.0', onnxruntime: '1.30.0' },
}

const forms = { Markdown: renderGateMarkdown, HTML: renderGateHtml }

describe.each(Object.entries(forms))('as %s', (_name, render) => {
  test('the verdict and the rule that it hangs on come first', () => {
    const text = render(REPORT)
    const at = (part: string) => text.indexOf(part)
    expect(at('tiny 2 fails: a loss of 0.4 points')).toBeGreaterThan(0)
    expect(at('tiny 2 fails')).toBeLessThan(at('not worse than the champion'))
    for (const part of [
      'on 10,000 of 50,000 rows of posts',
      'Without the base: start has the labels yes, no.',
      'The hashes that the manifest records',
      'gate 3 on these rows, with 2 candidates so far',
      'look again',
      'FAIL',
      'undecidable',
      'not checked',
      '17.0 %',
      '(700 : 740)',
      'too few rows',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('a candidate that passes, and one that can not be judged', () => {
    expect(render({ ...REPORT, verdict: 'pass' })).toContain('tiny 2 passes: 10,000 posts show no loss')
    expect(render({ ...REPORT, verdict: 'undecidable' })).toContain(
      'can'.concat(_name === 'HTML' ? '&#39;' : "'", 't be judged: too few rows'),
    )
  })

  test('what wasn’t compared has no table', () => {
    const text = render({ ...REPORT, comparisons: [], slices: [], references: [] })
    expect(text).toContain('Compared with nothing, since no other model was named')
    expect(text).not.toContain('McNemar')
    expect(text).not.toContain('with an emoji')
  })
})

test('names are text: no HTML, no link, no table of their own', () => {
  const name = '<img src=x onerror=alert(1)> [a](b) `c` | d\n# e'
  const hostile = { ...REPORT, candidate: { ...MODEL, name }, labels: [name, 'b', 'c'], warnings: [name] }
  const page = renderGateHtml(hostile)
  expect(page).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  const text = renderGateMarkdown(hostile)
  expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)\[a\]|(?<!\\)`c|^# e/m)
  for (const line of text.split('\n').filter((row) => row.startsWith('| '))) {
    expect(line.replaceAll('\\|', '').split('|').length).toBeGreaterThan(3)
  }
})

test('three files are written, older ones replaced, and the JSON is the whole report', async () => {
  const folder = join(await temporaryFolder(), 'a', 'gate')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'gate.md'), 'older')
  await writeGateReport(folder, REPORT)
  expect((await readdir(folder)).sort()).toEqual(['gate.html', 'gate.json', 'gate.md'])
  expect(JSON.parse(await readFile(join(folder, 'gate.json'), 'utf8'))).toEqual(REPORT)
  expect(await readFile(join(folder, 'gate.json'), 'utf8')).toBe(renderGateJson(REPORT))
  expect(await readFile(join(folder, 'gate.md'), 'utf8')).toBe(renderGateMarkdown(REPORT))
  await expect(writeGateReport(join(folder, 'gate.md', 'x'), REPORT)).rejects.toMatchObject({ code: 'GATE_UNRECORDED' })
})
