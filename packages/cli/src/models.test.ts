// Tests of `renown export`, `models`, `evaluate` and `doctor` as processes, on one tiny model.
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, runCli, TINY_MODEL, temporaryFolder } from './test-cli.ts'

afterEach(cleanUp)

async function exportTiny(...args: string[]): Promise<{ cwd: string; model: string }> {
  const cwd = await temporaryFolder()
  const { code, stderr } = await runCli(['export', TINY_MODEL, '-o', '.renown/models/tiny', ...args], { cwd })
  expect(stderr.replaceAll(/^Writing .*\n/gm, '')).toMatch(/^(Its licence is not known.*\n)?$/)
  expect(code).toBe(0)
  return { cwd, model: join(cwd, '.renown/models/tiny') }
}

describe('renown export', () => {
  test('makes a folder that models and predict know by name', async () => {
    const { cwd, model } = await exportTiny('--license', 'apache-2.0', '--model-version', '1.0', '--base', 'a/b')
    expect((await readdir(model)).sort()).toEqual(
      expect.arrayContaining(['README.md', 'config.json', 'onnx', 'renown.json', 'tokenizer.json']),
    )
    expect((await runCli(['models', 'list'], { cwd })).stdout).toMatch(/^tiny +tiny +1\.0/m)
    expect((await runCli(['models', 'show', 'tiny'], { cwd })).stdout).toMatch(/^licence +apache-2\.0$/m)
    const predicted = await runCli(['predict', 'great', '--model', 'tiny'], { cwd })
    expect(predicted.code).toBe(0)
  })

  test('refuses an output that holds something, and a source that is no model', async () => {
    const { cwd } = await exportTiny('--only', 'quantized')
    const again = await runCli(['export', TINY_MODEL, '-o', '.renown/models/tiny'], { cwd })
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('(EXPORT_REFUSED)') })
    const none = await runCli(['export', cwd, '-o', 'other'], { cwd })
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('it has no config.json (MODEL_NOT_FOUND)') })
    expect(await readdir(cwd)).toEqual(['.renown'])
  })
})

describe('renown models verify', () => {
  test('passes a whole folder and names the file that changed', async () => {
    const { cwd, model } = await exportTiny('--only', 'float')
    expect((await runCli(['models', 'verify', 'tiny'], { cwd })).stdout).toContain('files match renown.json')
    await appendFile(join(model, 'vocab.txt'), 'x')
    for (const args of [
      ['models', 'verify', 'tiny'],
      ['predict', 'x', '--model', 'tiny'],
      ['serve', '--model', 'tiny', '--port', '0'],
    ]) {
      expect(await runCli(args, { cwd })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^renown: vocab\.txt is not the file.*\(MODEL_HASH_MISMATCH\)\n$/),
      })
    }
  })
})

const LABELLED = [
  ['good one here', 'positive'],
  ['bad one there', 'negative'],
  ['it opens at nine', 'neutral'],
  ['love the camera', 'positive'],
]

describe('renown evaluate', () => {
  test('says how well the model does, the same every time, and records it where asked to', async () => {
    const { cwd, model } = await exportTiny()
    const rows = LABELLED.map(([text, label]) => JSON.stringify({ text, label }))
    await writeFile(join(cwd, 'test.jsonl'), `${rows.join('\n')}\n`)
    const args = ['evaluate', 'tiny', '--data', 'test.jsonl', '--data-set', 'mine']
    const told = await runCli(args, { cwd })
    expect(told.code).toBe(0)
    expect(told.stdout).toMatch(/^Macro recall +\d+\.\d % +\d/m)
    expect(told.stdout).toMatch(/^Data +mine, test: 4 posts \(text from "text", label from "label"\)$/m)
    const [one, two] = await Promise.all([
      runCli([...args, '--json'], { cwd }),
      runCli([...args, '--json', '--record'], { cwd }),
    ])
    expect(one?.stdout).toBe(two?.stdout)
    const { evaluation } = JSON.parse(one?.stdout ?? '') as { evaluation: { n: number; macroRecall: number } }
    const manifest = JSON.parse(await readFile(join(model, 'renown.json'), 'utf8')) as { evaluations: unknown[] }
    expect(manifest.evaluations).toEqual([
      expect.objectContaining({
        file: 'onnx/model_quantized.onnx',
        dataSet: 'mine',
        split: 'test',
        rows: 4,
        metrics: expect.objectContaining({
          macroRecall: expect.objectContaining({ value: expect.closeTo(evaluation.macroRecall, 5) }),
        }),
      }),
    ])
    expect(await readFile(join(model, 'README.md'), 'utf8')).toMatch(
      /### `onnx\/model_quantized\.onnx` as u?int8 on mine, test\n/,
    )
    expect((await runCli(['models', 'verify', 'tiny'], { cwd })).code).toBe(0)
    const float = await runCli([...args, '--json', '--file', 'onnx/model.onnx'], { cwd })
    expect(JSON.parse(float.stdout)).toMatchObject({ model: { file: 'onnx/model.onnx' } })
  })

  test('takes numbers and mapped labels, and says which labels it does not know', async () => {
    const cwd = await temporaryFolder()
    await writeFile(
      join(cwd, 'data.csv'),
      'post,mood\ngood one here,4\nbad one there,0\nso so it is,2\nwho knows this,9\n',
    )
    const args = [
      'evaluate',
      TINY_MODEL,
      '--data',
      'data.csv',
      '--text-column',
      'post',
      '--label-column',
      'mood',
      '--json',
    ]
    const unknown = await runCli(args, { cwd })
    expect(unknown).toMatchObject({ code: 1, stdout: '' })
    expect(unknown.stderr).toMatch(/labels that the model doesn't know: "4" \(1\), "9" \(1\).*\(LABELS_UNKNOWN\)\n$/)
    const mapped = await runCli([...args, '--label-map', '0=negative,2=neutral,4=positive', '--skip-unknown'], { cwd })
    expect(mapped.code).toBe(0)
    expect(JSON.parse(mapped.stdout)).toMatchObject({ evaluation: { n: 3 }, data: { dataSet: 'data', split: 'all' } })
  })

  test('refuses to record in a folder without renown.json, before it computes anything', async () => {
    const cwd = await temporaryFolder()
    const { code, stderr } = await runCli(['evaluate', TINY_MODEL, '--data', 'none.csv', '--record'], { cwd })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('has no renown.json') })
  })
})

describe('renown doctor', () => {
  test('says that all is well, in words and in JSON, and leaves nothing behind', async () => {
    const cwd = await temporaryFolder()
    const { code, stdout } = await runCli(['doctor', '--port', '0'], { cwd })
    expect(stdout).toMatch(/^✓ Node /m)
    expect(stdout).toMatch(/^✓ Answer +model\.safetensors with float32 weights/m)
    expect(stdout).toContain('Renown works here.')
    expect(code).toBe(0)
    expect(await readdir(cwd)).toEqual([])
  })

  test('marks what keeps Renown from working, and ends with 1', async () => {
    const cwd = await temporaryFolder()
    const { code, stdout } = await runCli(
      ['doctor', '--json', '--model', 'nobody', '--host', '0.0.0.0', '--port', '0'],
      { cwd },
    )
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; status: string }[] }
    expect({ code, ok }).toEqual({ code: 1, ok: false })
    const failed = checks.filter(({ status }) => status === 'failure').map(({ name }) => name)
    expect(failed).toEqual(['Model', 'API keys'])
  })

  test('tells of a port in use, and of settings that are misspelt or wrong', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, stdout } = await runCli(['doctor', '--port', String(port)], { env: { RENOWN_PROT: '1' } })
    other.close()
    expect(stdout).toMatch(new RegExp(`^! Port +${port} on 127\\.0\\.0\\.1 is in use`, 'm'))
    expect(stdout).toMatch(/^! Settings .*RENOWN_PROT/m)
    expect(code).toBe(0)
    const wrong = await runCli(['doctor', '--port', '70000'])
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringMatching(/^✗ Settings +--port: expected/m) })
  })
})
