// Tests of the commands of the registry.
import { createHash } from 'node:crypto'
import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { exportModelFolder } from '@renown/models'
import { afterEach, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'
import { cleanUp, TINY_MODEL, temporaryFolder } from '../test-cli.ts'

afterEach(cleanUp)

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

type Command = (...args: string[]) => Promise<Ended>

/** Commands on one data folder, in this process. */
async function createHome(): Promise<{ home: string; renown: Command; run: Command }> {
  const home = await temporaryFolder()
  async function renown(...args: string[]): Promise<Ended> {
    return await run('models', ...args)
  }
  async function run(...args: string[]): Promise<Ended> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const env = { RENOWN_ACTOR: 'pipeline', RENOWN_MODEL: TINY_MODEL }
    const code = await runCli([...args, '--home', home], { stdin, stdout, stderr, env })
    stdout.end()
    stderr.end()
    return { code, stdout: await text(stdout), stderr: await text(stderr) }
  }
  return { home, renown, run }
}

/** The tiny model, told apart by its tokenizer's settings. */
async function modelVariant(name: string): Promise<string> {
  const folder = join(await temporaryFolder(), name)
  await cp(TINY_MODEL, folder, { recursive: true })
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ variant: name }))
  return folder
}

async function hashOf(renown: Command, version: string): Promise<string> {
  return (JSON.parse((await renown('show', version, '--json')).stdout) as { hash: string }).hash
}

/** As much of one as a promotion rests on. */
function gateReport(candidate: string, champion: string): string {
  const models = [{ role: 'candidate', macroRecall: { value: 0.7 } }]
  const references = [{ role: 'champion', hash: champion, skipped: null }]
  const data = { set: 'a'.repeat(64), rows: 9000 }
  const created = '2026-02-03T04:05:06Z'
  const report = { kind: 'renown-gate', format: 1, created, verdict: 'pass', data, models, references }
  return JSON.stringify({ ...report, candidate: { hash: candidate } })
}

describe('renown models', () => {
  test('keeps versions, moves aliases and tells what happened', async () => {
    const { renown } = await createHome()
    expect(await renown('add', await modelVariant('one'))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^one \w+ is version v1\n$/),
    })
    const two = await modelVariant('two')
    await renown('add', two, '--name', 'second', '--reason', 'more posts', '--by', 'ada')
    expect((await renown('add', two)).stdout).toMatch(/^second \w+ was v2 already\n$/)
    const evidence = join(await temporaryFolder(), 'gate.json')
    expect((await renown('promote', 'v1', '--reason', 'first', '--expect', 'none')).stdout).toBe('champion is v1\n')
    expect((await renown('promote', 'v2', 'challenger', '--reason', 'to be seen')).stdout).toBe('challenger is v2\n')
    const toBeMoved = ['promote', 'challenger', '--reason', 'passed', '--expect', 'v1']
    expect((await renown(...toBeMoved)).stderr).toMatch(
      /^renown: v2 can't become the champion: .*\(GATE_NOT_PASSED\)\n$/,
    )
    const hashes = await Promise.all(['v1', 'v2'].map(async (version) => await hashOf(renown, version)))
    const report = gateReport(hashes[1] ?? '', hashes[0] ?? '')
    await writeFile(evidence, report)
    const moved = await renown(...toBeMoved, '--evidence', evidence, '--json')
    expect(JSON.parse(moved.stdout)).toMatchObject({
      from: 'v1',
      moved: true,
      current: { alias: 'champion', version: 'v2' },
    })
    expect((await renown('list')).stdout).toMatch(/^v2 +challenger, champion +two /m)
    expect((await renown('show', 'champion')).stdout).toMatch(
      /^v2, challenger, champion: second, added .* by ada \(more posts\)$/m,
    )
    expect((await renown('rollback', '--reason', 'errors since noon')).stdout).toBe('champion is v1; it was v2\n')
    const history = JSON.parse((await renown('history', 'champion', '--json')).stdout) as Record<string, unknown>[]
    expect(history.map(({ version, who, why, kind }) => [version, who, why, kind])).toEqual([
      ['v1', 'pipeline', 'first', 'promoted'],
      ['v2', 'pipeline', 'passed', 'promoted'],
      ['v1', 'pipeline', 'errors since noon', 'rolled-back'],
    ])
    const sha256 = createHash('sha256').update(report).digest('hex')
    expect(history[1]?.evidence).toEqual([{ name: 'gate.json', sha256 }])
    expect((await renown('history', '--at', String(history[1]?.from))).stdout).toMatch(/^v2 /m)
    expect((await renown('history', '--at', '2001-01-01')).stderr).toBe('Nothing is recorded\n')
    const told = (await renown('history')).stdout
    expect(told).toMatch(/added v2: second .* ada +more posts$/m)
    expect(told).toMatch(/rolled back champion: v2 → v1 +pipeline/)
  })

  test('says with its exit code what was refused', async () => {
    const { home, renown, run } = await createHome()
    await renown('add', await modelVariant('one'))
    const refusals: readonly [string, number, ...string[]][] = [
      ['USAGE_INVALID', 2, 'promote', 'v1'],
      ['VERSION_NOT_FOUND', 1, 'promote', 'v9', '--reason', 'x'],
      ['ALIAS_NOT_SET', 1, 'promote', 'challenger', '--reason', 'x'],
      ['REGISTRY_INPUT_INVALID', 2, 'promote', 'v1', 'v2', '--reason', 'x'],
      ['REGISTRY_INPUT_INVALID', 2, 'promote', 'v1', '../up', '--reason', 'x'],
      ['REGISTRY_INPUT_INVALID', 2, 'promote', 'v1', '--reason', ' '],
      ['ALIAS_MOVED', 1, 'promote', 'v1', '--reason', 'x', '--expect', 'v1'],
      ['INPUT_NOT_FOUND', 2, 'promote', 'v1', '--reason', 'x', '--evidence', join(home, 'none.json')],
      ['ALIAS_NOT_SET', 1, 'rollback', '--reason', 'x'],
      ['USAGE_INVALID', 2, 'history', 'champion', '--at', 'noon'],
      ['MODEL_NOT_FOUND', 1, 'add', join(home, 'none')],
      ['USAGE_INVALID', 2, 'prune', '--keep', '-1'],
    ]
    for (const [name, exit, ...args] of refusals) {
      const { code, stdout, stderr } = await renown(...args)
      expect({ args, code, stdout, stderr }).toEqual({
        args,
        code: exit,
        stdout: '',
        stderr: expect.stringContaining(`(${name})`),
      })
    }
    const recorded = await run('evaluate', 'v1', '--data', 'none.jsonl', '--record')
    expect(recorded).toMatchObject({ code: 2, stderr: expect.stringContaining('is a version of the registry') })
    expect(JSON.parse((await renown('history', '--json')).stdout)).toHaveLength(1)
  })

  test('prunes what nobody needs, and only says so where it is a dry run', async () => {
    const { renown } = await createHome()
    for (const name of ['one', 'two', 'three']) await renown('add', await modelVariant(name))
    await renown('promote', 'v2', '--reason', 'x')
    const args = ['prune', '--keep', '0', '--days', '0']
    expect((await renown(...args, '--dry-run')).stdout).toBe('Would remove v1, v3\n')
    expect((await renown(...args)).stdout).toMatch(/^Removed v1, v3; \d/)
    expect(await renown('show', 'v1')).toMatchObject({ code: 1, stderr: expect.stringContaining('(VERSION_PRUNED)') })
    expect((await renown('verify')).stdout).toMatch(/\nThe registry is whole: versions 1, contents \d+, events 5\n$/)
  })

  test('verify ends with 1 where a version was changed', async () => {
    const { home, renown } = await createHome()
    await renown('add', await modelVariant('one'))
    const folder = join(home, 'models/.registry/versions/v1')
    expect(await readdir(folder)).toContain('renown.json')
    await writeFile(join(folder, 'new.txt'), 'x')
    const { code, stdout } = await renown('verify')
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining('The registry is damaged:\n  v1 has a new file new.txt\n'),
    })
    expect(JSON.parse((await renown('verify', '--json')).stdout)).toMatchObject({
      ok: false,
      registry: { problems: [expect.any(String)] },
    })
  })

  test('compare shows the evaluations of both, and says what only one has', async () => {
    const { renown } = await createHome()
    const folders = [await modelVariant('one'), await modelVariant('two')]
    for (const [index, folder] of folders.entries()) {
      await renown('add', folder)
      const path = (JSON.parse((await renown('show', `v${index + 1}`, '--json')).stdout) as { path: string }).path
      await cp(path, `${folder}-copy`, { recursive: true })
      const manifest = JSON.parse(await readFile(join(path, 'renown.json'), 'utf8')) as Record<string, unknown>
      const evaluation = {
        file: 'model.safetensors',
        dataSet: 'posts',
        split: 'test',
        rows: 10,
        sha256: 'a'.repeat(64),
      }
      const evaluations = [
        { ...evaluation, metrics: { macroRecall: { value: 0.7 + index / 20, low: 0.6, high: 0.8 } } },
      ]
      const extra = index === 0 ? [{ ...evaluations[0], dataSet: 'other' }] : []
      await writeFile(
        join(`${folder}-copy`, 'measured.json'),
        JSON.stringify({ ...manifest, evaluations: [...evaluations, ...extra] }),
      )
      await cp(join(`${folder}-copy`, 'measured.json'), join(`${folder}-copy`, 'renown.json'), { force: true })
      await renown('add', `${folder}-copy`)
    }
    const { stdout } = await renown('compare', 'v2', 'v4')
    expect(stdout).toMatch(
      /^model\.safetensors on posts, test\n.*\n.*\nmacroRecall +70\.0 % \(60\.0 % – 80\.0 %\) +75\.0 % \(60\.0 % – 80\.0 %\) +\+5\.0$/m,
    )
    expect(stdout).toMatch(/^model\.safetensors on other, test\n.*\n.*\nmacroRecall +70\.0 %[^+]*$/m)
    const { evaluations } = JSON.parse((await renown('compare', 'v4', 'v1', '--json')).stdout) as {
      evaluations: unknown[]
    }
    expect(evaluations).toEqual([expect.objectContaining({ dataSet: 'posts', other: null, sameData: null })])
  })

  test('signs a folder with a key that stays where it is, and a version keeps the signature', async () => {
    const { renown } = await createHome()
    const key = join(await temporaryFolder(), 'release.pem')
    const made = await renown('keygen', key)
    const publicKey = /ed25519:[\w-]{43}/.exec(made.stdout)?.[0]
    expect(made.code).toBe(0)
    expect((await stat(key)).mode & 0o777).toBe(0o600)
    expect(await renown('keygen', key)).toMatchObject({ code: 1, stderr: expect.stringContaining('OUTPUT_REFUSED') })
    const folder = await modelVariant('signed')
    expect(await renown('sign', folder, '--key', key)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SIGNING_REFUSED'),
    })
    await renown('add', folder)
    const exported = join(await temporaryFolder(), 'exported')
    await exportModelFolder(folder, exported)
    expect((await renown('sign', exported, '--key', key)).stdout).toContain(`is signed by ${publicKey}\n`)
    await renown('add', exported)
    const shown = JSON.parse((await renown('show', 'v2', '--json')).stdout) as { path: string }
    expect(await readFile(join(shown.path, 'renown.sig'), 'utf8')).toContain(publicKey)
    expect(await renown('sign', exported)).toMatchObject({ stderr: expect.stringContaining('USAGE_INVALID') })
  })
})
