// Tests of which version a gate takes for the best ever where nobody names one.
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openModelFolder, openRegistry } from '@renown/models'
import { afterEach, expect, test } from 'vitest'
import { cleanUp, TINY_MODEL, temporaryFolder } from '../test-cli.ts'
import { nameBest } from './name-best.ts'

afterEach(cleanUp)

/** The tiny model, told apart by its tokenizer's settings, with a gate's report that gives it this macro recall. */
async function scoredModel(name: string, value: number): Promise<string> {
  const folder = join(await temporaryFolder(), name)
  await cp(TINY_MODEL, folder, { recursive: true })
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ variant: name }))
  const { hash } = await openModelFolder(folder)
  const report = {
    kind: 'renown-gate',
    format: 1,
    created: '2026-02-03T04:05:06Z',
    verdict: 'pass',
    candidate: { hash },
    references: [],
    data: { set: 'a'.repeat(64), rows: 9000 },
    models: [{ role: 'candidate', macroRecall: { value } }],
  }
  await writeFile(join(folder, 'gate.json'), JSON.stringify(report))
  return folder
}

test('is the best that the alias ever named, unless it is the champion itself; others have to be named', async () => {
  const home = await temporaryFolder()
  const registry = openRegistry(home)
  const by = { who: 'ada', why: 'a test' }
  const said: string[] = []
  const name = async (champion: string | undefined, best?: string): Promise<string | null> =>
    await nameBest({ home, champion, best, say: (line) => void said.push(line) })
  expect(await name('champion')).toBeNull()
  for (const [version, value] of [0.7, 0.72, 0.71].entries()) {
    await registry.add(await scoredModel(`model${version}`, value), by)
    await registry.promote(`v${version + 1}`, 'champion', by)
    if (version === 1) expect(await name('champion')).toBeNull()
  }
  expect(await name('champion')).toBe('v2')
  expect(said).toEqual([
    'champion is v2, the best version that was ever promoted',
    'The best version that was ever promoted is v2; champion is v3',
  ])
  expect([
    await name('champion', 'none'),
    await name('champion', 'v1'),
    await name('v3'),
    await name(undefined),
  ]).toEqual([null, 'v1', null, null])
})
