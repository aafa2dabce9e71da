// A checkpoint is whole or it isn't one.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, mkdir, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BagModel } from '../testing/bag-model.ts'
import { prepareRun, removeTemporaryFolders, temporaryFolder } from '../testing/test-runs.ts'
import { train } from '../train.ts'
import { cleanOutput, listCheckpoints } from './checkpoint-folders.ts'
import { findLatestCheckpoint, readCheckpoint } from './read-checkpoint.ts'
import { parseRecord } from './run-record.ts'

afterEach(removeTemporaryFolders)

const GIVEN = { num_train_epochs: 1, save_strategy: 'steps', save_steps: 2 }

async function corrupt(path: string, offset: number): Promise<void> {
  const handle = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, offset)
  await handle.write(Buffer.from([byte[0]! ^ 1]), 0, 1, offset)
  await handle.close()
}

describe('a checkpoint', () => {
  let output: string
  let latest: string
  beforeEach(async () => {
    const run = await prepareRun(GIVEN, { files: { 'tokenizer.json': '{}', 'vocab.txt': Buffer.from('a\nb\n') } })
    await train(run.options)
    output = run.options.output
    latest = join(output, 'checkpoint-5')
  })

  it('holds weights, moments, the state of the run, config and tokenizer, each with its hash', async () => {
    const names = (await readdir(latest)).sort()
    expect(names).toEqual([
      'checkpoint.json',
      'config.json',
      'model.safetensors',
      'optimizer.safetensors',
      'run.json',
      'tokenizer.json',
      'trainer_state.json',
      'vocab.txt',
    ])
    const manifest = JSON.parse(await readFile(join(latest, 'checkpoint.json'), 'utf8'))
    expect(Object.keys(manifest.files)).toEqual(names.filter((name) => name !== 'checkpoint.json'))
    const content = await readFile(join(latest, 'run.json'))
    expect(manifest.files['run.json']).toEqual({
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    })
    expect(await readCheckpoint(latest)).toMatchObject({ step: 5, path: latest })
  })

  const DAMAGES: readonly (readonly [string, (folder: string) => Promise<void>, RegExp])[] = [
    ['cut-off weights', (at) => truncate(join(at, 'model.safetensors'), 100), /model.safetensors has 100 bytes/],
    ['empty moments', (at) => truncate(join(at, 'optimizer.safetensors'), 0), /optimizer.safetensors has 0 bytes/],
    ['a flipped bit', (at) => corrupt(join(at, 'model.safetensors'), 300), /its hash differs/],
    ['a changed state', (at) => appendFile(join(at, 'run.json'), ' '), /run.json has/],
    ['no weights', (at) => rm(join(at, 'model.safetensors')), /model.safetensors can't be read \(ENOENT\)/],
    ['no list of hashes', (at) => rm(join(at, 'checkpoint.json')), /checkpoint.json can't be read \(ENOENT\)/],
    ['a cut-off list', (at) => truncate(join(at, 'checkpoint.json'), 60), /isn't a list of files/],
    ['an empty list', (at) => writeFile(join(at, 'checkpoint.json'), '{"files":{}}'), /isn't a list of files/],
    ['null for a list', (at) => writeFile(join(at, 'checkpoint.json'), 'null'), /isn't a list of files/],
    [
      'a list that leaves the folder',
      (at) => writeFile(join(at, 'checkpoint.json'), '{"files":{"../x":{"size":1,"sha256":"0"}}}'),
      /isn't a list of files/,
    ],
    [
      'no files at all',
      (at) =>
        rm(at, { recursive: true })
          .then(() => mkdir(at))
          .then(() => undefined),
      /ENOENT/,
    ],
  ]
  it.each(DAMAGES)('with %s is refused, and passed over for the one before', async (_, damage, message) => {
    await damage(latest)
    await expect(readCheckpoint(latest)).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringMatching(message),
    })
    const { checkpoint, damaged } = await findLatestCheckpoint(output)
    expect(checkpoint?.step).toBe(4)
    expect(damaged).toHaveLength(1)
    const run = await prepareRun({ ...GIVEN, resume_from_checkpoint: true }, { output })
    expect(await train(run.options)).toMatchObject({ status: 'finished', steps: 5 })
    expect(run.events.slice(0, 2)).toMatchObject([
      { type: 'notice', message: expect.stringContaining('passed over') },
      { type: 'resumed', step: 4 },
    ])
  })

  it('that is asked for by name and is damaged stops the run', async () => {
    await truncate(join(latest, 'model.safetensors'), 10)
    const run = await prepareRun({ ...GIVEN, resume_from_checkpoint: latest }, { output })
    await expect(train(run.options)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' })
  })

  it('is not looked for under names that only resemble one', async () => {
    await mkdir(join(output, 'checkpoint-99x'))
    await mkdir(join(output, '.checkpoint-98.partial'))
    await writeFile(join(output, 'checkpoint-97'), '')
    expect((await listCheckpoints(output)).map(({ step }) => step)).toEqual([2, 4, 5])
  })

  it('is refused where all are damaged', async () => {
    for (const { path } of await listCheckpoints(output)) await truncate(join(path, 'model.safetensors'), 10)
    const run = await prepareRun({ ...GIVEN, resume_from_checkpoint: true }, { output })
    await expect(train(run.options)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' })
  })
})

describe('the record of a run', () => {
  it('is refused where a field is missing or of another kind, though its hash is right', async () => {
    const run = await prepareRun(GIVEN)
    await train(run.options)
    const record = JSON.parse(await readFile(join(run.options.output, 'checkpoint-5', 'run.json'), 'utf8'))
    expect(parseRecord(JSON.stringify(record))).toEqual(record)
    const { step: _, ...stateless } = record.state
    for (const wrong of [
      null,
      [],
      { ...record, format: 2 },
      { ...record, labels: 'a' },
      { ...record, arguments: null },
      { ...record, state: stateless },
      { ...record, state: { ...record.state, step: null } },
      { ...record, state: { ...record.state, log: {} } },
      { ...record, state: { ...record.state, bestMetric: 'good' } },
    ]) {
      expect(parseRecord(JSON.stringify(wrong))).toBe(undefined)
    }
    expect(parseRecord('{')).toBe(undefined)
  })
})

describe('what killed runs leave', () => {
  it('is removed, and a checkpoint that was being replaced comes back', async () => {
    const output = await temporaryFolder()
    const names = [
      '.checkpoint-4.partial',
      '.checkpoint-2.removed',
      '.checkpoint-6.replaced',
      '.average.partial',
      'checkpoint-2',
      'mine',
    ]
    for (const name of names) await mkdir(join(output, name))
    await writeFile(join(output, '.checkpoint-6.replaced', 'model.safetensors'), 'weights')
    await cleanOutput(output)
    expect((await readdir(output)).sort()).toEqual(['checkpoint-2', 'checkpoint-6', 'mine'])
    expect(await readFile(join(output, 'checkpoint-6', 'model.safetensors'), 'utf8')).toBe('weights')
  })
})

/** The disk fills up while the n-th file of moments is written. */
class FullDiskModel extends BagModel {
  private saves = 0

  override async saveOptimizer(path: string): Promise<void> {
    if (++this.saves < 2) return super.saveOptimizer(path)
    await writeFile(path, 'half of it')
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }
}

describe('a full disk', () => {
  const full = { code: 'CHECKPOINT_FAILED', message: expect.stringContaining('the disk is full') }

  it('is an error that says so; the checkpoint before is whole and nothing else is left', async () => {
    const model = new FullDiskModel({ vocabulary: 40, labels: 3, dropout: 0.2, weightDecay: 0.01 })
    const run = await prepareRun(GIVEN, { model })
    await expect(train(run.options)).rejects.toMatchObject(full)
    expect(await readdir(run.options.output)).toEqual(['checkpoint-2'])
    const again = await prepareRun({ ...GIVEN, resume_from_checkpoint: true }, { output: run.options.output })
    expect(await train(again.options)).toMatchObject({ status: 'finished', steps: 5 })
  })

  it('of a real file system is the same', async ({ skip }) => {
    const output = await temporaryFolder()
    try {
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', output], { stdio: 'ignore' })
    } catch {
      skip('no right to mount a file system')
    }
    try {
      const model = new BagModel({ vocabulary: 1_000, labels: 3 })
      const run = await prepareRun(GIVEN, { model, output })
      await expect(train(run.options)).rejects.toMatchObject(full)
      expect(await readdir(output)).toEqual(['checkpoint-2'])
      await expect(readCheckpoint(join(output, 'checkpoint-2'))).resolves.toMatchObject({ step: 2 })
    } finally {
      execFileSync('/bin/umount', [output])
    }
  })
})
