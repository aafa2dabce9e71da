// A run that was interrupted or killed and resumed gives the bytes of one that was not.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint } from './checkpoint/read-checkpoint.ts'
import type { BagModel } from './testing/bag-model.ts'
import {
  createBagModel,
  prepareRun,
  removeTemporaryFolders,
  type TestRun,
  temporaryFolder,
} from './testing/test-runs.ts'
import { train } from './train.ts'
import type { TrainResult } from './train-options.ts'

afterEach(removeTemporaryFolders)

const COURSE = {
  num_train_epochs: 2,
  logging_steps: 3,
  eval_strategy: 'steps',
  eval_steps: 2,
  save_strategy: 'steps',
  save_steps: 2,
  micro_batch_tokens: 40,
}

interface Outcome {
  readonly result: Pick<TrainResult, 'status' | 'steps' | 'trainLoss' | 'best' | 'log' | 'weights'>
  readonly weights: string
  readonly optimizer: string
}

/** Everything that must be the same: weights and moments to the bit, the log, the best. */
async function outcomeOf({ options }: TestRun, result: TrainResult): Promise<Outcome> {
  const { model } = options
  const path = join(await temporaryFolder(), 'state')
  await model.saveWeights(`${path}.weights`)
  await model.saveOptimizer(`${path}.optimizer`)
  const { status, steps, trainLoss, best, log, weights } = result
  const named = best && { ...best, checkpoint: best.checkpoint && basename(best.checkpoint) }
  return {
    result: { status, steps, trainLoss, best: named, log, weights },
    weights: (await readFile(`${path}.weights`)).toString('hex'),
    optimizer: (await readFile(`${path}.optimizer`)).toString('hex'),
  }
}

/** Gives the signal when this method of the model is called for the n-th time. */
function abortAt(model: BagModel, method: 'accumulate' | 'predict', call: number): AbortSignal {
  const controller = new AbortController()
  const original = model[method].bind(model) as (argument: never) => Promise<never>
  let calls = 0
  Object.assign(model, {
    [method]: (argument: never) => {
      if (++calls === call) controller.abort()
      return original(argument)
    },
  })
  return controller.signal
}

async function resumeUntilDone(output: string, given: Record<string, unknown>): Promise<Outcome> {
  const run = await prepareRun({ ...given, resume_from_checkpoint: true }, { output })
  return outcomeOf(run, await train(run.options))
}

describe('an interrupted run', () => {
  let whole: Outcome
  beforeAll(async () => {
    const run = await prepareRun(COURSE)
    whole = await outcomeOf(run, await train(run.options))
  })

  const calls = [
    ...[1, 2, 3, 5, 8, 13, 17, 19].map((call) => ['accumulate', call] as const),
    ...[1, 4, 7, 12, 17].map((call) => ['predict', call] as const),
  ]
  it.each(calls)('in %s, call %i, goes on as if nothing had been', async (method, call) => {
    const model = createBagModel()
    const run = await prepareRun(COURSE, { model, signal: abortAt(model, method, call) })
    const result = await train(run.options)
    const interrupted = run.events.at(-1)!
    expect(result.status).toBe('interrupted')
    expect(interrupted).toMatchObject({ type: 'interrupted', step: result.steps, checkpoint: result.checkpoint })
    if (result.steps > 0) expect(basename(result.checkpoint!)).toBe(`checkpoint-${result.steps}`)
    expect(await resumeUntilDone(run.options.output, COURSE)).toEqual(whole)
  })

  it('again and again, too', async () => {
    const output = await temporaryFolder()
    let finished: Outcome | undefined
    for (let attempt = 0; attempt < 20 && !finished; attempt++) {
      const model = createBagModel()
      const signal = abortAt(model, 'accumulate', 3)
      const run = await prepareRun({ ...COURSE, resume_from_checkpoint: true }, { model, signal, output })
      const result = await train(run.options)
      if (result.status !== 'interrupted') finished = await outcomeOf(run, result)
    }
    expect(finished).toEqual(whole)
  })

  it('has taken the seconds of all its processes', async () => {
    /** 0 at the start, then so many seconds. */
    const clock = (seconds: number): (() => number) => {
      let calls = 0
      return () => (calls++ === 0 ? 0 : 1000 * seconds)
    }
    const model = createBagModel()
    const first = await prepareRun(COURSE, { model, signal: abortAt(model, 'accumulate', 5), now: clock(7) })
    const { output } = first.options
    expect(await train(first.options)).toMatchObject({ status: 'interrupted', seconds: 7 })
    const second = await prepareRun({ ...COURSE, resume_from_checkpoint: true }, { output, now: clock(5) })
    const result = await train(second.options)
    expect(result).toMatchObject({ status: 'finished', seconds: 12 })
    expect(result.log.at(-1)).toMatchObject({ train_runtime: 5 })
  })

  it('loses the gradients of the update that was not whole, and says where it stands', async () => {
    const model = createBagModel()
    const run = await prepareRun({ ...COURSE, save_strategy: 'no' }, { model, signal: abortAt(model, 'accumulate', 5) })
    const result = await train(run.options)
    expect(model.calls.at(-1)).toBe('discard')
    expect(result).toMatchObject({ status: 'interrupted', steps: 2, epoch: 0.4 })
    expect(await readdir(run.options.output)).toEqual(['checkpoint-2'])
  })

  it('before its first update leaves nothing', async () => {
    const run = await prepareRun(COURSE, { signal: AbortSignal.abort() })
    expect(await train(run.options)).toMatchObject({ status: 'interrupted', steps: 0, checkpoint: null })
    expect(await readdir(run.options.output)).toEqual([])
  })

  it('saves again where a damaged checkpoint stands in its place', async () => {
    const run = await prepareRun(COURSE)
    await train(run.options)
    const { output } = run.options
    for (const step of [8, 10]) await rm(join(output, `checkpoint-${step}`, 'model.safetensors'))
    const model = createBagModel()
    const again = await prepareRun(
      { ...COURSE, resume_from_checkpoint: true },
      { output, model, signal: abortAt(model, 'accumulate', 5) },
    )
    const { steps, checkpoint } = await train(again.options)
    expect(steps).toBe(8)
    await expect(readCheckpoint(checkpoint!)).resolves.toMatchObject({ step: 8 })
  })

  it('does not count its own checkpoint among those that are kept', async () => {
    const given = { ...COURSE, save_steps: 4, eval_steps: 4 }
    const model = createBagModel()
    const run = await prepareRun(given, { model, signal: abortAt(model, 'accumulate', 12) })
    const { steps } = await train(run.options)
    expect(await readdir(run.options.output)).toContain(`checkpoint-${steps}`)
    await resumeUntilDone(run.options.output, given)
    expect((await readdir(run.options.output)).filter((name) => name.startsWith('c')).sort()).toEqual([
      'checkpoint-10',
      'checkpoint-4',
      'checkpoint-8',
    ])
  })
})

describe('a resumed run', () => {
  const judged = {
    ...COURSE,
    num_train_epochs: 6,
    load_best_model_at_end: true,
    metric_for_best_model: 'loss',
    early_stopping_patience: 2,
    early_stopping_threshold: 0.03,
  }

  it('from any of its checkpoints ends the same, patience and best included', async () => {
    const run = await prepareRun(judged)
    const whole = await outcomeOf(run, await train(run.options))
    expect(whole.result.status).toBe('stopped early')
    const checkpoints = (await readdir(run.options.output)).filter((name) => name.startsWith('checkpoint-'))
    expect(checkpoints.length).toBeGreaterThanOrEqual(3)
    for (const name of checkpoints) {
      const given = { ...judged, resume_from_checkpoint: join(run.options.output, name) }
      const again = await prepareRun(given, { output: run.options.output })
      const outcome = await outcomeOf(again, await train(again.options))
      // The moments in memory are those of the last update, or of the checkpoint where none was left to do.
      expect({ ...outcome, optimizer: '' }).toEqual({ ...whole, optimizer: '' })
    }
  })

  it('into another folder finds the best checkpoint where it was', async () => {
    const run = await prepareRun(judged)
    const finished = await train(run.options)
    const whole = await outcomeOf(run, finished)
    const again = await prepareRun({ ...judged, resume_from_checkpoint: finished.checkpoint })
    const result = await train(again.options)
    expect(result.weights).toBe('best')
    expect((await outcomeOf(again, result)).weights).toBe(whole.weights)
  })

  it('that was finished does nothing more', async () => {
    const run = await prepareRun(COURSE)
    const whole = await outcomeOf(run, await train(run.options))
    const again = await prepareRun({ ...COURSE, resume_from_checkpoint: true }, { output: run.options.output })
    const outcome = await outcomeOf(again, await train(again.options))
    expect(outcome).toEqual(whole)
    expect(again.options.model.calls).toEqual(['load'])
  })

  it('starts from the beginning where there is nothing, and says so', async () => {
    const run = await prepareRun({ ...COURSE, resume_from_checkpoint: true })
    await train(run.options)
    expect(run.events[0]).toMatchObject({ type: 'notice', message: expect.stringContaining('There is no checkpoint') })
  })

  it('may log and keep otherwise than before, but not learn otherwise', async () => {
    const run = await prepareRun(COURSE)
    await train(run.options)
    const { output } = run.options
    const resume = async (changes: Record<string, unknown>, more: Partial<TestRun['options']> = {}) => {
      const again = await prepareRun({ ...COURSE, resume_from_checkpoint: true, ...changes }, { output, ...more })
      return train(again.options)
    }
    await expect(resume({ logging_steps: 1, save_total_limit: 5, save_steps: 7, eval_steps: 5 })).resolves.toBeDefined()
    await expect(resume({ learning_rate: 0.04 })).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
      message: expect.stringContaining('another run. What differs: learning_rate (0.05 then, 0.04 now). Use the same'),
    })
    await expect(resume({ num_train_epochs: 4, seed: 1 })).rejects.toThrow(
      /num_train_epochs \(2 then, 4 now\), seed \(42 then, 1 now\)/,
    )
    await expect(resume({}, { examples: run.options.examples.slice(1) })).rejects.toThrow(/the training data/)
    await expect(resume({}, { identity: { base: 'another' } })).rejects.toThrow(/base \(null then, "another" now\)/)
    await expect(resume({}, { labels: ['a', 'b', 'c'] })).rejects.toThrow(/labels/)
    await expect(resume({}, { evaluation: run.options.examples })).resolves.toBeDefined()
  })

  it('with another number of threads says that sums may differ', async () => {
    const run = await prepareRun(COURSE)
    await train(run.options)
    const { output } = run.options
    const again = await prepareRun({ ...COURSE, resume_from_checkpoint: true }, { output, threads: 4 })
    await train(again.options)
    expect(again.events[0]).toMatchObject({ type: 'notice', message: expect.stringContaining('1 threads') })
  })

  it('is never started by accident over one that is there', async () => {
    const run = await prepareRun(COURSE)
    await train(run.options)
    const again = await prepareRun(COURSE, { output: run.options.output })
    await expect(train(again.options)).rejects.toMatchObject({ code: 'OUTPUT_OCCUPIED' })
  })
})

describe('a run that was killed', () => {
  const script = fileURLToPath(new URL('./testing/killed-training.ts', import.meta.url))

  async function killAt(output: string, method: string, call: number): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', script, output, method, String(call)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
  }

  it.each([
    ['accumulate', 6],
    ['predict', 3],
    ['saveOptimizer', 2],
  ])('in %s, call %i, goes on from its last whole checkpoint and ends the same', async (method, call) => {
    const given = { ...COURSE, micro_batch_tokens: 1024 }
    const run = await prepareRun(given)
    const whole = await outcomeOf(run, await train(run.options))
    const output = await temporaryFolder()
    await killAt(output, method, call)
    const left = await readdir(output)
    expect(left).toContain('.training.lock')
    if (method === 'saveOptimizer') expect(left).toContain('.checkpoint-4.partial')
    expect(await resumeUntilDone(output, given)).toEqual(whole)
    expect((await readdir(output)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('while a checkpoint took the place of another still has one of the two', async () => {
    const run = await prepareRun(COURSE)
    const whole = await outcomeOf(run, await train(run.options))
    const { output } = run.options
    await rename(join(output, 'checkpoint-10'), join(output, '.checkpoint-10.replaced'))
    expect(await resumeUntilDone(output, COURSE)).toEqual(whole)
    expect(await readdir(output)).toContain('checkpoint-10')
  })
})
