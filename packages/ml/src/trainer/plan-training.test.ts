// A dry run says what the run will do.
import { afterEach, describe, expect, it } from 'vitest'
import { parseTrainingArguments } from './arguments/parse-arguments.ts'
import { planTraining } from './plan-training.ts'
import { planRun } from './steps-plan.ts'
import { prepareRun, removeTemporaryFolders } from './testing/test-runs.ts'
import { train } from './train.ts'

afterEach(removeTemporaryFolders)

describe('a plan', () => {
  // 45,615 texts: TweetEval's training set; ceil(45,615 / 16) = 2,851.
  it.each([
    [{ per_device_train_batch_size: 16 }, { batchesPerEpoch: 2_851, updatesPerEpoch: 2_851, total: 8_553, epochs: 3 }],
    [
      { per_device_train_batch_size: 16, gradient_accumulation_steps: 2 },
      { batchesPerEpoch: 2_851, updatesPerEpoch: 1_426, total: 4_278 },
    ],
    [
      { per_device_train_batch_size: 16, num_train_epochs: 0.1 },
      { total: 286, epochs: 1 },
    ],
    [
      { per_device_train_batch_size: 16, max_steps: 3_000 },
      { total: 3_000, epochs: 2 },
    ],
    [{ per_device_train_batch_size: 16, warmup_ratio: 0.06 }, { warmupSteps: 514 }],
    [
      {
        per_device_train_batch_size: 16,
        logging_steps: 0.01,
        eval_strategy: 'steps',
        eval_steps: 0.1,
        save_steps: 0.2,
      },
      { loggingSteps: 86, evalSteps: 856, saveSteps: 1_711 },
    ],
    [
      { eval_strategy: 'epoch', save_strategy: 'no', logging_strategy: 'no' },
      { loggingSteps: null, evalSteps: null, saveSteps: null },
    ],
  ])('of %j', (given, expected) => {
    expect(planRun(parseTrainingArguments(given), new Array<number>(45_615).fill(20)).steps).toMatchObject(expected)
  })

  it('of batches by tokens counts each epoch as it will be cut', async () => {
    const { options } = await prepareRun({ max_tokens_per_batch: 60, num_train_epochs: 2.5 })
    const plan = planRun(
      options.arguments,
      options.examples.map(({ ids }) => ids.length),
    )
    const starts = [...new Set(Array.from({ length: plan.steps.total }, (_, step) => plan.epochOf(step).firstStep))]
    const last = plan.epochOf(plan.steps.total - 1)
    expect(starts).toHaveLength(3)
    expect(plan.steps.total).toBe(last.firstStep + Math.ceil(0.5 * last.updates.length))
    const result = await train(options)
    expect(result).toMatchObject({ status: 'finished', steps: plan.steps.total })
    for (const { sequences } of options.model.batches) {
      expect(sequences.reduce((sum, ids) => sum + ids.length, 0)).toBeLessThanOrEqual(60)
    }
  })

  it('whose shares are no multiples of each other in whole updates is refused', () => {
    const given = { eval_strategy: 'steps', eval_steps: 0.1, save_steps: 0.2, load_best_model_at_end: true }
    const settings = parseTrainingArguments(given)
    expect(() => planRun(settings, new Array<number>(40).fill(5))).toThrow(
      /of 15 updates the shares 0.2 and 0.1 are 3 and 2/,
    )
  })
})

describe('a dry run', () => {
  it('expects from a few updates what the whole will take', async () => {
    let time = 0
    // A second for each look at the clock: once before and once after what is measured.
    const { options } = await prepareRun(
      { num_train_epochs: 3, eval_strategy: 'epoch' },
      { now: () => (time += 1_000) },
    )
    const estimate = await planTraining({ ...options, measuredUpdates: 5 })
    const tokens = options.examples.reduce((sum, { ids }) => sum + ids.length, 0)
    expect(estimate).toMatchObject({
      steps: { total: 15, updatesPerEpoch: 5 },
      tokens: 3 * tokens,
      evaluations: 3,
      parameters: { all: 123, trained: 123 },
      measured: { updates: 5, tokensPerSecond: tokens },
      trainSeconds: 3,
    })
    expect(estimate.evaluationSeconds).toBeCloseTo(3)
    expect(estimate.longestText).toBe(14)
    expect(options.model.updates).toHaveLength(6)
  })

  it('counts evaluations as the run does', async () => {
    for (const given of [{ eval_strategy: 'steps', eval_steps: 4, eval_on_start: true }, { eval_strategy: 'no' }]) {
      const { options, events } = await prepareRun(given)
      const { evaluations } = await planTraining(options)
      await train(options)
      expect(events.filter(({ type }) => type === 'evaluated')).toHaveLength(evaluations)
    }
  })
})
