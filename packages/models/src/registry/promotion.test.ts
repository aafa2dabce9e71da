// Tests of what lets a version become the champion, and of which version was the best.
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { checkOwnReport } from '../gate/check-own-report.ts'
import type { ModelManifest } from '../manifest.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { EVALUATION, HASH, readJson, removeTemporaryFolders, temporaryFolder, writeManifest } from '../test-fixtures.ts'
import { findBest } from './find-best.ts'
import { judgePromotion, type PromotionWish } from './judge-promotion.ts'
import { openRegistry, type Registry, type RegistryVersion } from './registry.ts'
import { BY, modelVariant } from './test-registry.ts'

afterEach(removeTemporaryFolders)

const OTHER = 'b'.repeat(64)

/** As much of a report as decisions rest on. */
function report(candidate: string, champion: string | null, changes: Readonly<Record<string, unknown>> = {}): string {
  const scores = { candidate: 0.71, champion: 0.7 }
  return JSON.stringify({
    kind: 'renown-gate',
    format: 1,
    created: '2026-02-03T04:05:06.000Z',
    verdict: 'pass',
    candidate: { hash: candidate },
    references: champion === null ? [] : [{ role: 'champion', hash: champion, skipped: null }],
    data: { set: HASH, rows: 9000 },
    models: Object.entries(scores).flatMap(([role, value]) => [
      { role, file: 'onnx/model_quantized.onnx', macroRecall: { value } },
      { role, file: 'model.safetensors', macroRecall: { value: 0.99 } },
    ]),
    ...changes,
  })
}

async function createRegistry(versions: number): Promise<{ registry: Registry; all: readonly RegistryVersion[] }> {
  const registry = openRegistry(await temporaryFolder())
  for (let version = 1; version <= versions; version++) await registry.add(await modelVariant(`${version}.0`), BY)
  return { registry, all: await registry.list() }
}

const wish = (text: string | null, more: Partial<PromotionWish> = {}): PromotionWish => ({
  ...BY,
  documents: text === null ? [] : [{ name: 'gate.json', content: new TextEncoder().encode(text) }],
  withoutGate: false,
  ...more,
})

describe('the champion', () => {
  test('is replaced by a version that passed against it, and by none that did otherwise', async () => {
    const { registry, all } = await createRegistry(3)
    const [first, second, third] = all as [RegistryVersion, RegistryVersion, RegistryVersion]
    await registry.promote('v1', 'champion', await judgePromotion(registry, first, 'champion', wish(null)))
    const refuse = async (text: string | null): Promise<string> =>
      await judgePromotion(registry, second, 'champion', wish(text)).then(
        () => 'taken',
        ({ code, message }: Error & { code: string }) => `${code}: ${message}`,
      )
    expect(await refuse(null)).toBe(
      "GATE_NOT_PASSED: v2 can't become the champion: no report of a gate is there that compares it with v1, which is the champion now",
    )
    expect(await refuse(report(OTHER, first.hash))).toContain('is about another model')
    expect(await refuse(report(second.hash, third.hash))).toContain('compared it with another one')
    expect(await refuse(report(second.hash, null))).toContain('compared it with no champion, not with v1')
    expect(await refuse(report(second.hash, first.hash, { verdict: 'fail' }))).toContain('it failed the gate')
    expect(await refuse(report(second.hash, first.hash, { verdict: 'undecidable' }))).toContain('too few rows')
    expect(await refuse(report(second.hash, first.hash, { data: {} }))).toMatch(/is broken: data.set: expected/)
    expect(await refuse('{"verdict": "pass"}')).toContain('no report of a gate is there')
    expect(await refuse('no JSON')).toContain('no report of a gate is there')
    const skipped = [{ role: 'champion', hash: first.hash, skipped: 'other labels' }]
    expect(await refuse(report(second.hash, null, { references: skipped }))).toContain('with no champion')
    const text = report(second.hash, first.hash)
    const move = await judgePromotion(registry, second, 'champion', wish(text))
    const sha256 = createHash('sha256').update(text).digest('hex')
    expect(move).toEqual({ ...BY, expect: 'v1', evidence: [{ name: 'gate.json', sha256 }] })
    await registry.promote('v3', 'champion', BY)
    await expect(registry.promote('v2', 'champion', move)).rejects.toMatchObject({ code: 'ALIAS_MOVED' })
  })

  test('is replaced without a report where that is said, and what was missing is recorded', async () => {
    const { registry, all } = await createRegistry(2)
    await registry.promote('v1', 'champion', BY)
    const move = await judgePromotion(
      registry,
      all[1] as RegistryVersion,
      'champion',
      wish(null, { withoutGate: true }),
    )
    await registry.promote('v2', 'champion', move)
    const [, last] = await registry.history('champion')
    expect(last?.why).toMatch(/^a test \(without the gate: no report of a gate is there .* v1, .*\)$/)
  })

  test('needs no report the first time, unless there is one that speaks against it; other aliases never need one', async () => {
    const { registry, all } = await createRegistry(2)
    const [first, second] = all as [RegistryVersion, RegistryVersion]
    const failed = report(first.hash, null, { verdict: 'fail' })
    await expect(judgePromotion(registry, first, 'champion', wish(failed))).rejects.toMatchObject({
      code: 'GATE_NOT_PASSED',
    })
    expect(await judgePromotion(registry, first, 'champion', wish(null))).toMatchObject({ expect: null, evidence: [] })
    await registry.promote('v1', 'champion', BY)
    expect(await judgePromotion(registry, second, 'challenger', wish(null))).toEqual({ ...BY, evidence: [] })
    expect(await judgePromotion(registry, first, 'champion', wish(null))).toEqual({ ...BY, evidence: [] })
  })

  test('is replaced by the report that lies in the version itself, which is recorded', async () => {
    const { registry, all } = await createRegistry(1)
    const [first] = all as [RegistryVersion]
    await registry.promote('v1', 'champion', BY)
    const folder = await modelVariant('2.0')
    const { hash } = await openModelFolder(folder)
    await writeFile(join(folder, 'gate.json'), report(hash, first.hash))
    const { version } = await registry.add(folder, BY)
    const move = await judgePromotion(registry, await registry.show(version.version), 'champion', wish(null))
    expect(move).toMatchObject({ expect: 'v1', evidence: [{ name: 'gate.json' }] })
  })
})

describe('the best version', () => {
  /** With a macro recall on the rows of that name; a gate's where one is given. */
  async function scored(version: string, macroRecall: number, rows = HASH): Promise<string> {
    const folder = await modelVariant(version)
    const manifest = (await readJson(join(folder, 'renown.json'))) as unknown as ModelManifest
    const evaluation = { ...EVALUATION, sha256: rows, metrics: { macroRecall: { value: macroRecall } } }
    await writeManifest(folder, { ...manifest, evaluations: [evaluation] })
    return folder
  }

  test('is that of the highest macro recall among those promoted, and prune keeps it', async () => {
    const registry = openRegistry(await temporaryFolder())
    expect(await findBest(registry, 'champion')).toBeNull()
    for (const [version, value] of [0.7, 0.72, 0.9, 0.71, 0.7].entries()) {
      await registry.add(await scored(`${version}.0`, value), BY)
    }
    for (const version of ['v1', 'v2', 'v4', 'v5']) await registry.promote(version, 'champion', BY)
    expect((await findBest(registry, 'champion'))?.version).toBe('v2')
    const far = { keep: 1, days: 0 }
    expect(await registry.planPrune(far)).toEqual(['v1', 'v3'])
    expect((await registry.prune({ ...far, ...BY })).versions).toEqual(['v1', 'v3'])
  })

  test('stays the earlier one where no rows are shared, and goes by the rows of a gate before others', async () => {
    const home = await temporaryFolder()
    const registry = openRegistry(home)
    const first = await scored('1.0', 0.7)
    await registry.add(first, BY)
    await registry.add(await scored('2.0', 0.9, OTHER), BY)
    for (const version of ['v1', 'v2']) await registry.promote(version, 'champion', BY)
    expect((await findBest(registry, 'champion'))?.version).toBe('v1')
    const third = await scored('3.0', 0.5)
    const hashes = await Promise.all([third, first].map(async (folder) => (await openModelFolder(folder)).hash))
    await writeFile(join(third, 'gate.json'), report(hashes[0] ?? '', hashes[1] ?? ''))
    await registry.add(third, BY)
    await registry.promote('v3', 'champion', BY)
    expect((await findBest(registry, 'champion'))?.version).toBe('v3')
  })

  test('is none where nothing was measured', async () => {
    const { registry } = await createRegistry(1)
    await registry.promote('v1', 'champion', BY)
    expect(await findBest(registry, 'champion')).toBeNull()
  })
})

test("a folder's own report speaks for or against publishing it", async () => {
  const folder = await openModelFolder(await modelVariant('1.0'))
  await expect(checkOwnReport(folder)).resolves.toBeUndefined()
  const write = async (text: string): Promise<void> => await writeFile(join(folder.path, 'gate.json'), text)
  await write(report(folder.hash, OTHER))
  await expect(checkOwnReport(folder)).resolves.toBeUndefined()
  await write(report(folder.hash, null, { verdict: 'undecidable' }))
  await expect(checkOwnReport(folder)).rejects.toMatchObject({ code: 'GATE_NOT_PASSED' })
  await write(report(OTHER, null))
  await expect(checkOwnReport(folder)).rejects.toThrow('is about another model')
})
