// The loop does what the Trainer does, in its order.
import { existsSync, truncateSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { learningRateAt } from './learning-rate.ts'
import type { LogRow } from './log-row.ts'
import {
  createBagModel,
  makeUniformExamples,
  prepareRun,
  removeTemporaryFolders,
  ScriptedModel,
} from './testing/test-runs.ts'
import { TRAINER_TRACES } from './testing/trainer-traces.ts'
import { train } from './train.ts'

afterEach(removeTemporaryFolders)

const WEIGHT = 'classifier.weight'
const BIAS = 'classifier.bias'

function describeRow(row: LogRow): string {
  const kind = 'eval_loss' in row ? 'eval' : 'train_runtime' in row ? 'final' : 'log'
  return `${kind} ${row.step} ${Number(row.epoch.toPrecision(6))}`
}

describe.each(TRAINER_TRACES)("the Trainer's course: $name", (trace) => {
  it('is ours', async () => {
    const { options, events } = await prepareRun(
      { save_strategy: 'steps', ...trace.given },
      {
        model: new ScriptedModel(trace.accuracies),
        examples: makeUniformExamples(trace.examples),
        evaluation: makeUniformExamples(1_000),
      },
    )
    const result = await train(options)
    const state = JSON.parse(await readFile(join(options.output, 'trainer_state.json'), 'utf8'))
    const saved = events.flatMap((event) => (event.type === 'checkpoint saved' ? [event.step] : []))
    const folders = (await readdir(options.output)).filter((name) => name.startsWith('checkpoint-'))
    expect(result.log.map(describeRow).join(', ')).toBe(trace.rows)
    expect(state.log_history).toEqual(result.log)
    expect(saved).toEqual(trace.saved)
    expect(folders.map((name) => Number(name.slice(11))).sort((a, b) => a - b)).toEqual(trace.kept)
    expect([state.max_steps, state.num_train_epochs]).toEqual([trace.total, trace.epochs])
    const [step, value, checkpoint] = trace.best
    expect([state.best_global_step, state.best_metric]).toEqual([step, value])
    expect(state.best_model_checkpoint).toBe(checkpoint === null ? null : `checkpoint-${checkpoint}`)
  })
})

describe('training', () => {
  it('learns what can be learnt', async () => {
    const { options } = await prepareRun({ num_train_epochs: 12, eval_strategy: 'epoch', logging_strategy: 'epoch' })
    const result = await train(options)
    const rows = result.log.filter((row) => 'eval_accuracy' in row)
    expect(rows).toHaveLength(12)
    expect(rows.at(-1)!.eval_macro_recall).toBeGreaterThan(0.8)
    expect(rows.at(-1)!.eval_loss).toBeLessThan(rows[0]!.eval_loss)
  })

  it('gives the same bytes every time, and others for another seed', async () => {
    const weightsOf = async (given: Record<string, unknown>) => {
      const { options } = await prepareRun({ num_train_epochs: 2, ...given })
      await train(options)
      return Buffer.from(options.model.readWeights(WEIGHT).buffer).toString('hex')
    }
    const first = await weightsOf({})
    expect(await weightsOf({})).toBe(first)
    expect(await weightsOf({ logging_steps: 1, eval_strategy: 'steps', save_strategy: 'epoch' })).toBe(first)
    expect(await weightsOf({ seed: 43 })).not.toBe(first)
    expect(await weightsOf({ data_seed: 43 })).not.toBe(first)
  })

  it('gives the updates the rates of the schedule, and the masks names of their own', async () => {
    const { options } = await prepareRun({ num_train_epochs: 2, warmup_steps: 3, micro_batch_tokens: 40, seed: 5 })
    await train(options)
    const rates = Array.from({ length: 10 }, (_, step) => learningRateAt(options.arguments, step, 3, 10))
    expect(options.model.updates.map(({ learningRate }) => learningRate)).toEqual(rates)
    const keys = options.model.batches.map(({ dropout }) => `${dropout?.seed} ${dropout?.step} ${dropout?.micro}`)
    expect(keys.length).toBeGreaterThan(10)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys[0]).toBe('5 0 0')
  })

  it('sees each text once an epoch', async () => {
    const { options } = await prepareRun({ num_train_epochs: 3, micro_batch_tokens: 30 })
    await train(options)
    const seen = new Map<Int32Array, number>()
    for (const { sequences } of options.model.batches)
      for (const ids of sequences) seen.set(ids, (seen.get(ids) ?? 0) + 1)
    expect(options.examples.map(({ ids }) => seen.get(ids))).toEqual(options.examples.map(() => 3))
  })

  it('says in a log row the mean loss since the row before', async () => {
    const { options, events } = await prepareRun({ logging_steps: 4, num_train_epochs: 2 })
    const result = await train(options)
    const losses = events.flatMap((event) => (event.type === 'update' ? [event.loss] : []))
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
    const rows = result.log.filter((row) => 'loss' in row)
    expect(rows.map(({ step }) => step)).toEqual([4, 8])
    expect(rows[0]!.loss).toBeCloseTo(mean(losses.slice(0, 4)), 12)
    expect(rows[1]!.loss).toBeCloseTo(mean(losses.slice(4, 8)), 12)
    expect(result.trainLoss).toBeCloseTo(mean(losses), 12)
  })

  it('measures what an evaluation and an epoch take by the clock that it is given', async () => {
    let time = 0
    const { options } = await prepareRun(
      { eval_strategy: 'epoch', logging_strategy: 'epoch', num_train_epochs: 1, per_device_eval_batch_size: 7 },
      { now: () => (time += 500) },
    )
    const result = await train(options)
    const evaluation = result.log.find((row) => 'eval_loss' in row)!
    expect(evaluation).toMatchObject({ eval_runtime: 0.5, eval_samples_per_second: 60, eval_steps_per_second: 10 })
    const tokens = options.examples.reduce((sum, { ids }) => sum + ids.length, 0)
    expect(result.log.find((row) => 'loss' in row)).toMatchObject({
      tokens_per_second: Math.round((tokens / 2.5) * 1e3) / 1e3,
    })
  })
})

describe('an update in parts', () => {
  /** The model drops tokens by the names of the parts: without dropout the parts must add up to the whole. */
  async function weightsAfter(given: Record<string, unknown>): Promise<Float32Array> {
    const { options } = await prepareRun({ num_train_epochs: 2, train_sampling_strategy: 'sequential', ...given })
    Object.assign(options.model.options, { dropout: 0 })
    await train(options)
    return options.model.readWeights(WEIGHT)
  }

  // 40 texts: 16, 16, and a short last update of 8.
  it.each([
    ['by accumulation', { per_device_train_batch_size: 2, gradient_accumulation_steps: 8 }],
    ['by accumulation in batches that do not divide', { per_device_train_batch_size: 16, micro_batch_tokens: 23 }],
    ['by tokens', { per_device_train_batch_size: 16, micro_batch_tokens: 1 }],
    ['by both', { per_device_train_batch_size: 4, gradient_accumulation_steps: 4, micro_batch_tokens: 50 }],
  ])('%s equals the update as one batch', async (_, given) => {
    for (const loss of [{}, { class_weights: 'balanced', label_smoothing_factor: 0.1 }]) {
      const whole = await weightsAfter({ per_device_train_batch_size: 16, micro_batch_tokens: 1e6, ...loss })
      const parts = await weightsAfter({ ...given, ...loss })
      const difference = whole.reduce((most, value, index) => Math.max(most, Math.abs(value - parts[index]!)), 0)
      expect(difference).toBeLessThan(1e-6)
    }
  })
})

describe('the final weights', () => {
  it('are those of the best checkpoint where asked for', async () => {
    const accuracies = [0.5, 0.9, 0.6]
    const model = new ScriptedModel(accuracies)
    const { options } = await prepareRun(
      {
        num_train_epochs: 3,
        eval_strategy: 'epoch',
        save_strategy: 'epoch',
        load_best_model_at_end: true,
        metric_for_best_model: 'accuracy',
        save_total_limit: 1,
      },
      { model, evaluation: makeUniformExamples(1_000) },
    )
    const result = await train(options)
    const best = createBagModel()
    await best.load({ weights: join(options.output, 'checkpoint-10', 'model.safetensors') })
    expect(result).toMatchObject({
      status: 'finished',
      weights: 'best',
      best: { metric: 'eval_accuracy', value: 0.9, step: 10, checkpoint: join(options.output, 'checkpoint-10') },
    })
    expect(model.readWeights(WEIGHT)).toEqual(best.readWeights(WEIGHT))
  })

  it('are the mean of the last checkpoints where asked for', async () => {
    const given = { num_train_epochs: 4, save_strategy: 'epoch', average_checkpoints: 3, save_total_limit: 3 }
    const { options } = await prepareRun(given)
    const result = await train(options)
    const sources = await Promise.all(
      [10, 15, 20].map(async (step) => {
        const model = createBagModel()
        await model.load({ weights: join(options.output, `checkpoint-${step}`, 'model.safetensors') })
        return model.readWeights(WEIGHT)
      }),
    )
    const mean = sources[0]!.map((value, index) => (value + sources[1]![index]! + sources[2]![index]!) / 3)
    expect(result.weights).toBe('average')
    options.model.readWeights(WEIGHT).forEach((value, index) => {
      expect(value).toBeCloseTo(mean[index]!, 7)
    })
    expect(describeRow(result.log.at(-1)!)).toBe('eval 20 4')
  })

  it('have their logits adjusted where asked for: by the shares of the labels, after all is learnt, in any run of it', async () => {
    const given = { num_train_epochs: 2, save_strategy: 'epoch', eval_strategy: 'no' }
    const plain = await prepareRun(given)
    await train(plain.options)
    const { options } = await prepareRun({ ...given, logit_adjustment: 0.5 })
    const result = await train(options)
    const { examples, labels } = options
    const shares = labels.map((_, index) => examples.filter(({ label }) => label === index).length / examples.length)
    expect(new Set(shares).size).toBeGreaterThan(1)
    const offsets = (model: typeof options.model) => {
      const before = plain.options.model.readWeights(BIAS)
      return [...model.readWeights(BIAS)].map((value, label) => value - before[label]!)
    }
    for (const [label, offset] of offsets(options.model).entries()) {
      expect(offset).toBeCloseTo(-0.5 * Math.log(shares[label]!), 6)
    }
    expect(options.model.readWeights(WEIGHT)).toEqual(plain.options.model.readWeights(WEIGHT))
    expect(describeRow(result.log.at(-1)!)).toBe('eval 10 2')
    const again = await prepareRun({ ...given, logit_adjustment: 1, resume_from_checkpoint: true })
    await train({ ...again.options, output: plain.options.output })
    for (const [label, offset] of offsets(again.options.model).entries()) {
      expect(offset).toBeCloseTo(-Math.log(shares[label]!), 6)
    }
  })

  it('are refused where the best checkpoint was damaged meanwhile', async () => {
    const given = { num_train_epochs: 2, eval_strategy: 'epoch', save_strategy: 'epoch', load_best_model_at_end: true }
    const { options } = await prepareRun(given, {
      onEvent: ({ type }) => {
        if (type !== 'evaluated') return
        const path = join(options.output, 'checkpoint-5', 'model.safetensors')
        if (existsSync(path)) truncateSync(path, 50)
      },
      model: new ScriptedModel([1, 0]),
      evaluation: makeUniformExamples(100),
    })
    await expect(train(options)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' })
  })

  it('come with a notice where the best evaluation has no checkpoint', async () => {
    const { options, events } = await prepareRun(
      {
        num_train_epochs: 2,
        eval_strategy: 'steps',
        eval_steps: 2,
        save_strategy: 'steps',
        save_steps: 4,
        load_best_model_at_end: true,
        metric_for_best_model: 'accuracy',
      },
      { model: new ScriptedModel([0.5, 0.6, 0.95, 0.7, 0.6]), evaluation: makeUniformExamples(1_000) },
    )
    await train(options)
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))
    expect(notices).toHaveLength(1)
    expect(notices[0]).toContain('The best evaluation, after update 6, has no checkpoint')
  })
})

describe('a model that is frozen, distilled or evaluated', () => {
  it('learns from a teacher alone', async () => {
    const { options } = await prepareRun({ num_train_epochs: 12, distillation_weight: 1, distillation_temperature: 2 })
    const examples = options.examples.map(({ label, ...rest }) => {
      return { ...rest, label: -1, soft: [0, 1, 2].map((index) => (index === label ? 0.9 : 0.05)) }
    })
    const result = await train({ ...options, examples, arguments: { ...options.arguments, evalStrategy: 'epoch' } })
    const rows = result.log.filter((row) => 'eval_accuracy' in row)
    expect(rows.at(-1)!.eval_accuracy).toBeGreaterThan(0.75)
  })
})
