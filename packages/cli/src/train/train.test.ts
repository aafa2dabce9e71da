// Tests of `renown train` as a process: the model that comes out, and that the same bytes come out of the same wishes.
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, endOf, parseLines, runCli, startCli, TINY_MODEL, waitFor } from '../test-cli.ts'
import { somePosts, type TestFiles, writePosts } from './test-posts.ts'

afterEach(cleanUp)

/** Everything but the output. */
function wishes({ train, validation }: TestFiles, ...more: readonly string[]): string[] {
  return ['train', '--base', TINY_MODEL, '--train-file', train, '--validation-file', validation, ...more]
}

const STEPS = [
  '--max-steps',
  '40',
  '--learning-rate',
  '1e-3',
  '--threads',
  '1',
  '--save-steps',
  '10',
  '--eval-steps=10',
]
const BEST = ['--eval-strategy', 'steps', '--load_best_model_at_end', '--metric-for-best-model', 'macro_recall']

/** Hashes of what must be the same: weights of the model and of each checkpoint, moments, ONNX files. */
async function hashModel(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(safetensors|onnx)$/.test(name)).sort()
  const hashes = names.map(async (name): Promise<[string, string]> => {
    const bytes = await readFile(join(folder, name))
    return [name, createHash('sha256').update(bytes).digest('hex')]
  })
  return Object.fromEntries(await Promise.all(hashes))
}

describe('a training', () => {
  test('ends in a model folder that predicts, is evaluated and verified, and says what it is', async () => {
    const files = await writePosts()
    const output = join(files.folder, 'mine')
    const { code, stdout, stderr } = await runCli(
      wishes(files, ...STEPS, ...BEST, '--output', output, '--license', 'mit'),
    )
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/validation\.jsonl, validation +8 bits +18 +\d+\.\d % \(\d+\.\d – \d+\.\d\)/)
    expect(stdout).toContain(`Serve it with: renown serve --model ${output}`)
    expect(stderr).toMatch(/^Step 10, epoch 1\.67, validation: loss .* macro recall .*$/m)
    expect(await readdir(output)).toEqual(
      expect.arrayContaining(['README.md', 'checkpoint-40', 'config.json', 'model.safetensors', 'onnx', 'renown.json']),
    )
    expect((await readdir(output)).filter((name) => name.startsWith('.'))).toEqual([])
    const manifest = JSON.parse(await readFile(join(output, 'renown.json'), 'utf8'))
    expect(manifest).toMatchObject({
      name: 'mine',
      license: 'mit',
      labels: ['negative', 'neutral', 'positive'],
      training: {
        data: [
          { name: 'train.csv', split: 'train', rows: 48 },
          { name: 'validation.jsonl', split: 'validation', rows: 18 },
        ],
        recipe: { learning_rate: 1e-3, max_steps: 40, adam_beta2: 0.999 },
      },
    })
    expect(Object.keys(manifest.files).filter((name) => name.includes('checkpoint'))).toEqual([])
    const state = JSON.parse(await readFile(join(output, 'trainer_state.json'), 'utf8'))
    expect(state).toMatchObject({ global_step: 40, max_steps: 40 })
    const report = await readFile(join(output, 'report.html'), 'utf8')
    expect(report).toContain('Posts by label')
    for (const { text } of somePosts(66)) expect(report).not.toContain(text)

    expect((await runCli(['models', 'verify', output])).code).toBe(0)
    const predicted = parseLines(
      (await runCli(['predict', '--model', output, 'What a fine day', '--to', 'jsonl'])).stdout,
    )
    expect(predicted).toMatchObject([{ label: expect.stringMatching(/^(negative|neutral|positive)$/) }])
    const args = [
      'evaluate',
      output,
      '--data',
      files.validation,
      '--file',
      'model.safetensors',
      '--encoding',
      'float32',
    ]
    const evaluated = JSON.parse((await runCli([...args, '--json'])).stdout)
    const recorded = manifest.evaluations.find((entry: { file: string }) => entry.file === 'model.safetensors')
    expect(evaluated.evaluation.macroRecall).toBeCloseTo(recorded.metrics.macroRecall.value, 5)
  })

  test('has the same bytes again, and after Ctrl-C, and after being killed', { timeout: 180_000 }, async () => {
    const files = await writePosts()
    const folder = (name: string): string => join(files.folder, name)
    const args = wishes(files, ...STEPS, ...BEST)
    await Promise.all([
      endOf(startCli([...args, '--output', folder('one')])),
      endOf(startCli([...args, '--output', folder('two')])),
    ])
    const whole = await hashModel(folder('one'))
    expect(Object.keys(whole)).toContain('checkpoint-20/optimizer.safetensors')
    expect(await hashModel(folder('two'))).toEqual(whole)

    for (const [name, signal] of [
      ['stopped', 'SIGINT'],
      ['killed', 'SIGKILL'],
    ] as const) {
      const child = startCli([...args, '--output', folder(name)])
      const ended = endOf(child)
      await waitFor(child.stderr, /Saved checkpoint-10/)
      child.kill(signal)
      const { code, stderr } = await ended
      if (signal === 'SIGINT') {
        expect(code).toBe(130)
        expect(stderr).toMatch(/stopped after \d+ steps; checkpoint-\d+ is saved\. Go on with: renown train --base/)
      }
      expect(await readdir(folder(name))).not.toContain('renown.json')
      const again = await runCli([...args, '--output', folder(name), '--resume-from-checkpoint'])
      expect(again.code).toBe(0)
      expect(again.stderr).toMatch(/^Going on from checkpoint-\d+, after \d+ steps$/m)
      const { 'model.safetensors': weights, 'onnx/model_quantized.onnx': quantized } = await hashModel(folder(name))
      expect([weights, quantized]).toEqual([whole['model.safetensors'], whole['onnx/model_quantized.onnx']])
    }
  })

  test.each([
    ['with the checkpoints that were asked for', STEPS, 4],
    ['without any', [...STEPS, '--save-strategy', 'no'], 0],
  ])('is finished again if it was stopped while the model was finished, %s', async (_name, steps, checkpoints) => {
    const files = await writePosts()
    const output = join(files.folder, 'mine')
    const args = [...wishes(files, ...steps), '--output', output]
    const child = startCli(args)
    const ended = endOf(child)
    await waitFor(child.stderr, /Saved checkpoint-40/)
    await waitForFile(join(output, '.training', 'weights', 'model.safetensors'))
    child.kill('SIGKILL')
    await ended
    const again = await runCli([...args, '--resume-from-checkpoint'])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Serve it with') })
    expect(again.stderr).toContain('Going on from checkpoint-40, after 40 steps')
    const names = await readdir(output)
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
    expect(names.filter((name) => name.startsWith('checkpoint-'))).toHaveLength(checkpoints)
    expect(await runCli([...args, '--resume-from-checkpoint'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds a finished model: there is nothing left to resume'),
    })
  })
})

async function waitForFile(path: string): Promise<void> {
  while (
    !(await stat(path).then(
      () => true,
      () => false,
    ))
  )
    await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('a folder', () => {
  test('takes one training at a time, and goes on only with the recipe that it began with', async () => {
    const files = await writePosts()
    const output = join(files.folder, 'mine')
    const args = [...wishes(files, ...STEPS, '--max-steps', '4000'), '--output', output]
    const child = startCli(args)
    const ended = endOf(child)
    await waitFor(child.stderr, /Saved checkpoint-10/)
    const second = await runCli([...args, '--resume-from-checkpoint'])
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('(OUTPUT_LOCKED)') })
    expect((await runCli(args)).stderr).toContain('go on with --resume-from-checkpoint')
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    const other = await runCli([...args, '--resume-from-checkpoint', '--learning-rate', '2e-3'])
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('learning_rate (0.001 then, 0.002 now)') })
  })
})
