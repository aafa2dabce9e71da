// One training for each output folder.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { MicroBatch } from '../../training/trainable-model.ts'
import { createBagModel, prepareRun, removeTemporaryFolders, temporaryFolder } from '../testing/test-runs.ts'
import { train } from '../train.ts'
import { lockOutput } from './output-lock.ts'

afterEach(removeTemporaryFolders)

const held = { code: 'OUTPUT_LOCKED' }

async function writeLock(output: string, owner: unknown): Promise<void> {
  await writeFile(join(output, '.training.lock'), typeof owner === 'string' ? owner : JSON.stringify(owner))
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'close')
  return child.pid!
}

describe('the lock of an output folder', () => {
  it('lets one in, and the next one after it', async () => {
    const output = join(await temporaryFolder(), 'new', 'folder')
    const lock = await lockOutput(output)
    await expect(lockOutput(output)).rejects.toMatchObject(held)
    await lock.release()
    await (await lockOutput(output)).release()
    expect(await readdir(output)).toEqual([])
  })

  it('lets one of many in', async () => {
    const output = await temporaryFolder()
    await writeLock(output, { pid: await deadProcess(), host: hostname(), started: null })
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => lockOutput(output)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await readdir(output)).toEqual(['.training.lock'])
  })

  it('of a process that died is taken over', async () => {
    const output = await temporaryFolder()
    await writeLock(output, { pid: await deadProcess(), host: hostname(), started: null })
    await lockOutput(output)
    expect(JSON.parse(await readFile(join(output, '.training.lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('of another process that had the same number is taken over', async () => {
    const output = await temporaryFolder()
    await writeLock(output, { pid: process.pid, host: hostname(), started: 'another boot:1' })
    // Without /proc nothing tells the two apart, and the lock holds.
    const outcome = lockOutput(output)
    if (process.platform === 'linux') await expect(outcome).resolves.toBeDefined()
    else await expect(outcome).rejects.toMatchObject(held)
  })

  it.each(['', '{', 'null', '{"pid":"x"}'])('that holds %j is no lock', async (content) => {
    const output = await temporaryFolder()
    await writeLock(output, content)
    await expect(lockOutput(output)).resolves.toBeDefined()
  })

  it('of another machine holds', async () => {
    const output = await temporaryFolder()
    await writeLock(output, { pid: 1, host: 'elsewhere', started: null })
    await expect(lockOutput(output)).rejects.toThrow(/process 1 on elsewhere/)
  })

  it('keeps two trainings apart, and is gone after one of them', async () => {
    const model = createBagModel()
    const accumulate = model.accumulate.bind(model)
    let goOn: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    Object.assign(model, { accumulate: (batch: MicroBatch) => gate.then(() => accumulate(batch)) })
    const first = await prepareRun({ num_train_epochs: 2 }, { model })
    const second = await prepareRun({ num_train_epochs: 2 }, { output: first.options.output })
    const running = train(first.options)
    while (first.events.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await expect(train(second.options)).rejects.toMatchObject(held)
    goOn()
    await running
    await expect(train(second.options)).resolves.toMatchObject({ status: 'finished' })
  })

  it('is released where the training fails', async () => {
    const run = await prepareRun({ resume_from_checkpoint: '/nowhere' })
    await expect(train(run.options)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' })
    expect(await readdir(run.options.output)).toEqual([])
  })
})
