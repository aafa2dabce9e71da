// The gate on real models: what is compared, what is kept, and that nothing else changes.
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RAW_PREPARATION } from '@renown/ml'
import { afterEach, describe, expect, test } from 'vitest'
import { scorePosts } from '../evaluation/score-posts.ts'
import { exportModelFolder } from '../export-model-folder.ts'
import { hashFile } from '../hash-file.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { copyFixture, HASH, readJson, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { gateLogPath } from './gate-log.ts'
import type { GateModel, GatePosts, GateRequest } from './gate-types.ts'
import { readGatePolicy } from './policy.ts'
import { runGate } from './run-gate.ts'

afterEach(removeTemporaryFolders)

const WORDS = ['the service was good', 'it broke again', 'a parcel came', 'i waited for an hour', 'thanks', 'why']
const TEXTS = Array.from({ length: 120 }, (_, post) => `${WORDS[post % 6]} ${WORDS[(post * 5 + 1) % 6]} ${post}`)

/** Wide enough for a hundred rows; what is measured in time or by its calibration isn't what these tests are about. */
const POLICY = readGatePolicy(
  'split: all\nmargin: 30\nclass_margin: 60\nquantised_margin: 30\ncalibration_margin: 100\nlatency_ratio: 1000\nsize_ratio: 1000',
  'test',
)

async function openModel(path: string): Promise<GateModel> {
  return { reference: path, folder: await openModelFolder(path) }
}

/** The fixture as a model folder with both ONNX files. */
async function exportFixture(): Promise<GateModel> {
  const output = join(await temporaryFolder(), 'mine')
  await exportModelFolder(await copyFixture('tiny-bert'), output, { preparation: RAW_PREPARATION })
  return await openModel(output)
}

/** A plain copy whose labels stand in another order, or are others. */
async function relabel(labels: readonly string[]): Promise<GateModel> {
  const folder = await copyFixture('tiny-bert')
  const config = await readJson(join(folder, 'config.json'))
  const id2label = Object.fromEntries(labels.map((label, index) => [index, label]))
  const label2id = Object.fromEntries(labels.map((label, index) => [label, index]))
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, id2label, label2id }))
  return await openModel(folder)
}

/** Posts whose labels the model mostly gives itself. */
async function makePosts({ folder }: GateModel): Promise<GatePosts> {
  const { logits } = await scorePosts(folder, TEXTS, { threads: 1, encoding: 'float32' })
  const predicted = logits.map(([window]) => [...(window?.logits ?? [])]).map((row) => row.indexOf(Math.max(...row)))
  const classes = predicted.map((label, post) => (post % 4 === 0 ? (label + 1 + (post % 2)) % 3 : label))
  return { dataSet: 'posts', split: 'all', sha256: HASH, texts: TEXTS, classes }
}

async function makeRequest(extra: Partial<GateRequest> = {}): Promise<GateRequest> {
  const candidate = extra.candidate ?? (await exportFixture())
  return {
    candidate,
    references: {},
    posts: await makePosts(candidate),
    policy: POLICY,
    home: await temporaryFolder(),
    threads: 1,
    now: new Date('2026-02-03T04:05:06Z'),
    ...extra,
  }
}

async function hashTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, (await hashFile(file)).sha256])))
}

describe('a gate', () => {
  test('compares both files with champion, best and base, and says what it found', async () => {
    const request = await makeRequest()
    const [champion, base] = [await openModel(await copyFixture('tiny-bert')), await relabel(['yes', 'no', 'perhaps'])]
    const report = await runGate({ ...request, references: { champion, best: champion, base } })
    expect(report).toMatchObject({
      kind: 'renown-gate',
      format: 1,
      created: '2026-02-03T04:05:06.000Z',
      labels: ['negative', 'neutral', 'positive'],
      data: { dataSet: 'posts', split: 'all', sha256: HASH, rows: 120, rowsOfFile: 120 },
      history: { gates: 1, candidates: 1 },
      trainingRows: { by: 'nothing', leaked: 0 },
      speed: { rounds: 25 },
    })
    expect(report.references.map(({ role, skipped }) => [role, skipped === null])).toEqual([
      ['champion', true],
      ['best', true],
      ['base', false],
    ])
    expect(report.models.map(({ role, file, encoding }) => `${role} ${file} ${encoding}`)).toEqual([
      expect.stringMatching(/^candidate onnx\/model_quantized\.onnx u?int8$/),
      'candidate onnx/model.onnx float32',
      'champion model.safetensors float32',
      'best model.safetensors float32',
    ])
    expect(report.comparisons.map(({ file, against }) => `${against} ${file}`)).toEqual([
      'champion onnx/model_quantized.onnx',
      'best onnx/model_quantized.onnx',
      'champion onnx/model.onnx',
      'best onnx/model.onnx',
      'float32 onnx/model_quantized.onnx',
    ])
    // The 32-bit file holds the champion's own weights.
    expect(report.comparisons[2]).toMatchObject({ differing: 0, macroRecall: { difference: 0 } })
    expect(report.verdict).toBe('pass')
  })

  test('reads a model with its labels in another order by their names', async () => {
    const request = await makeRequest()
    const turned = await relabel(['positive', 'negative', 'neutral'])
    const { models } = await runGate({ ...request, references: { champion: turned } })
    const { logits } = await scorePosts(turned.folder, TEXTS, { threads: 1, encoding: 'float32' })
    const names = logits.map(([window]) => {
      const row = [...(window?.logits ?? [])]
      return turned.folder.manifest.labels[row.indexOf(Math.max(...row))]
    })
    const labels = request.candidate.folder.manifest.labels
    const right = names.filter((name, post) => name === labels[request.posts.classes[post] ?? 0]).length
    expect(models.find(({ role }) => role === 'champion')?.accuracy.value).toBeCloseTo(right / TEXTS.length, 12)
  })

  test('refuses a champion with other labels', async () => {
    const request = await makeRequest({ references: { champion: await relabel(['yes', 'no', 'perhaps']) } })
    await expect(runGate(request)).rejects.toMatchObject({ code: 'GATE_REFUSED' })
  })

  test('has nothing to compare with, and says so', async () => {
    const report = await runGate(await makeRequest())
    expect(report.rules.map(({ rule }) => rule)).toEqual(['guessing', 'guessing', 'quantised', 'training-rows'])
    expect(report.warnings).toEqual([expect.stringContaining('no other model was compared with')])
    expect(report.speed).toBeNull()
    expect(report.slices).toEqual([])
  })

  test('can not decide by a hundred rows what the default policy asks', async () => {
    const champion = await openModel(await copyFixture('tiny-bert'))
    const policy = readGatePolicy('split: all\ncalibration_margin: 100\nlatency_ratio: 1000\nsize_ratio: 1000', 'test')
    const report = await runGate(await makeRequest({ references: { champion }, policy }))
    expect(report.verdict).toBe('undecidable')
    expect(report.rules.find(({ rule }) => rule === 'champion')?.rowsNeeded).toBeGreaterThan(120)
  })

  test('changes nothing when it fails', async () => {
    const request = await makeRequest()
    const before = await hashTree(request.candidate.folder.path)
    const classes = request.posts.classes.map((value) => (value + 1) % 3)
    const report = await runGate({ ...request, posts: { ...request.posts, classes } })
    expect(report.verdict).toBe('fail')
    expect(await hashTree(request.candidate.folder.path)).toEqual(before)
    expect((await readdir(request.home)).sort()).toEqual(['gate'])
  })

  test('stops where it is told to, and records nothing', async () => {
    const request = await makeRequest({ signal: AbortSignal.abort(new Error('enough')) })
    await expect(runGate(request)).rejects.toThrow('enough')
    await expect(stat(gateLogPath(request.home))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('fails where it can not be recorded', async () => {
    const home = join(await temporaryFolder(), 'file')
    await writeFile(home, '')
    await expect(runGate(await makeRequest({ home }))).rejects.toMatchObject({ code: 'GATE_UNRECORDED' })
  })
})

describe('what a gate keeps', () => {
  const withoutTimes = ({ speed: _, history: __, ...report }: Awaited<ReturnType<typeof runGate>>) => report

  test('answers are computed once for the same file and posts', async () => {
    const request = await makeRequest()
    const store = join(request.home, 'gate', 'predictions')
    const first = await runGate(request)
    const names = await readdir(store)
    expect(names).toHaveLength(2)
    for (const name of names) await utimes(join(store, name), 1000, 1000)
    const second = await runGate(request)
    expect(withoutTimes(second)).toEqual(withoutTimes(first))
    expect(second.history).toEqual({ gates: 2, candidates: 1 })
    for (const name of names) expect((await stat(join(store, name))).mtimeMs).toBe(1_000_000)
    await runGate({ ...request, posts: { ...request.posts, texts: TEXTS.map((text) => `${text}!`) } })
    expect(await readdir(store)).toHaveLength(4)
  })

  test('another way to prepare posts is another answer', async () => {
    const request = await makeRequest()
    await runGate(request)
    const { folder } = request.candidate
    const preparation = { ...folder.manifest.preparation, mentions: '@user' as const }
    const other = { ...request.candidate, folder: { ...folder, manifest: { ...folder.manifest, preparation } } }
    await runGate({ ...request, candidate: other })
    expect(await readdir(join(request.home, 'gate', 'predictions'))).toHaveLength(4)
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['of fewer posts', () => '{"encoding":"int8","posts":[[[5,1,2,3]]]}'],
    ['no numbers', (text: string) => text.replace(/\d+\.\d+/, 'null')],
  ])('answers that are %s are computed again', async (_name, damage) => {
    const request = await makeRequest()
    const first = await runGate(request)
    const store = join(request.home, 'gate', 'predictions')
    for (const name of await readdir(store)) {
      await writeFile(join(store, name), damage(await readFile(join(store, name), 'utf8')))
    }
    expect(withoutTimes(await runGate(request))).toEqual(withoutTimes(first))
  })

  test('candidates on the same rows are counted, in any order of the rows, and warned about', async () => {
    const champion = await openModel(await copyFixture('tiny-bert'))
    const request = await makeRequest({ references: { champion }, policy: { ...POLICY, reuse_warning: 2 } })
    expect((await runGate(request)).warnings).toEqual([])
    const other = await openModel(await copyFixture('tiny-roberta'))
    const { texts, classes } = request.posts
    const turned = { ...request.posts, texts: [...texts].reverse(), classes: [...classes].reverse() }
    const report = await runGate({ ...request, candidate: other, posts: turned })
    expect(report.history).toEqual({ gates: 2, candidates: 2 })
    expect(report.warnings).toEqual([expect.stringMatching(/^2 candidates were judged on these rows/)])
    const fewer = { ...request.posts, texts: texts.slice(1), classes: classes.slice(1) }
    expect((await runGate({ ...request, posts: fewer })).history).toEqual({ gates: 1, candidates: 1 })
  })

  test('a line of the record that was cut off spoils no other', async () => {
    const request = await makeRequest()
    await runGate(request)
    const path = gateLogPath(request.home)
    await writeFile(path, `${await readFile(path, 'utf8')}\n{"time":"2026-0`)
    expect((await runGate(request)).history).toEqual({ gates: 2, candidates: 1 })
    expect((await runGate(request)).history).toEqual({ gates: 3, candidates: 1 })
  })
})
