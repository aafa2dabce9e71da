// The loop around the real thing: a small BERT learns, is repeatable, and resumes to the bit.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { createRandomIndex } from '../evaluate/random.ts'
import { createTrainableModel } from '../training/index.ts'
import { parseTrainingArguments } from './arguments/parse-arguments.ts'
import { trainableModelOptions } from './model-options.ts'
import { planTraining } from './plan-training.ts'
import { removeTemporaryFolders, temporaryFolder } from './testing/test-runs.ts'
import { train } from './train.ts'
import type { TrainOptions, TrainResult } from './train-options.ts'
import type { TrainingExample } from './training-example.ts'

afterEach(removeTemporaryFolders)

const BASE = fileURLToPath(new URL('../../fixtures/tiny-bert', import.meta.url))
const LABELS = ['negative', 'neutral', 'positive']

/** Texts whose label is in one token of them. */
function makeTexts(count: number, seed: number): TrainingExample[] {
  const draw = createRandomIndex(seed)
  return Array.from({ length: count }, (_, row) => {
    const label = draw(3)
    const words = Array.from({ length: 2 + draw(9) }, () => 60 + draw(30))
    words[draw(words.length)] = 50 + label
    return { ids: Int32Array.of(2, ...words, 3), label, row }
  })
}

interface Trained {
  readonly result: TrainResult
  readonly weights: string
  readonly output: string
}

async function trainTiny(given: Record<string, unknown>, more: Partial<TrainOptions> = {}): Promise<Trained> {
  const settings = parseTrainingArguments({ learning_rate: 1e-3, num_train_epochs: 2, save_strategy: 'no', ...given })
  const model = await createTrainableModel(BASE, trainableModelOptions(settings, { labels: LABELS, threads: 1 }))
  const output = more.output ?? (await temporaryFolder())
  try {
    const examples = makeTexts(64, 1)
    const evaluation = makeTexts(48, 2)
    const now = () => 0
    const result = await train({
      model,
      arguments: settings,
      examples,
      evaluation,
      labels: LABELS,
      threads: 1,
      now,
      ...more,
      output,
    })
    const path = join(await temporaryFolder(), 'weights')
    await model.saveWeights(path)
    return { result, output, weights: (await readFile(path)).toString('base64') }
  } finally {
    await model.release()
  }
}

describe('a small BERT', () => {
  it('learns', async () => {
    const given = { num_train_epochs: 10, eval_strategy: 'epoch', warmup_ratio: 0.1, learning_rate: 5e-3 }
    const { result } = await trainTiny(given)
    const rows = result.log.filter((row) => 'eval_accuracy' in row)
    expect(rows.at(-1)!.eval_accuracy).toBeGreaterThan(0.9)
  })

  /**
   * transformers' Trainer (5.23) on the same base and texts, in order, without dropout: loss, norm and rate of each
   * update of twelve texts (the last of an epoch has seven), and the loss on the evaluation set after each epoch. The
   * first course was run there in batches of twelve: for this model the Trainer adds the losses of an accumulation up
   * instead of averaging them.
   */
  const COURSES = [
    {
      given: {},
      losses: [1.36307144, 1.09371364, 1.1903491, 1.05220246, 1.07572377, 0.92900103, 1.02548754, 0.91688454],
      norms: [4.38352489, 2.60827446, 3.73664999, 6.43911842, 2.49560952, 2.04383492, 2.86880946, 5.38053799],
      rates: [0.001, 0.000875, 0.00075, 0.000625, 0.0005, 0.000375, 0.00025, 0.000125],
      evaluations: [1.20669711, 1.21009004],
    },
    {
      given: {
        label_smoothing_factor: 0.1,
        weight_decay: 0.1,
        warmup_steps: 0.2,
        lr_scheduler_type: 'cosine',
        max_grad_norm: 0.5,
      },
      losses: [1.34213233, 1.08710015, 1.1395201, 1.0050801, 1.22610152, 0.97569203, 1.01328325, 0.87130439],
      norms: [4.09182501, 2.53479338, 3.26517034, 5.4165044, 3.4943049, 3.12084508, 2.91282249, 3.57411671],
      rates: [0, 0.0005, 0.001, 0.00093301270189, 0.00075, 0.0005, 0.00025, 0.0000669872981],
      evaluations: [1.27162921, 1.24032104],
    },
  ]
  it.each(COURSES)("goes the Trainer's course with $given", async ({ given, losses, norms, rates, evaluations }) => {
    const { result } = await trainTiny(
      {
        ...given,
        hidden_dropout_prob: 0,
        attention_probs_dropout_prob: 0,
        classifier_dropout: 0,
        per_device_train_batch_size: 4,
        gradient_accumulation_steps: 3,
        train_sampling_strategy: 'sequential',
        logging_steps: 1,
        eval_strategy: 'epoch',
        micro_batch_tokens: 64,
      },
      { examples: makeTexts(43, 1) },
    )
    const steps = result.log.filter((row) => 'loss' in row)
    const scored = result.log.filter((row) => 'eval_loss' in row)
    expect(steps).toHaveLength(losses.length)
    for (const [index, row] of steps.entries()) {
      expect(row.loss).toBeCloseTo(losses[index]!, 4)
      expect(row.grad_norm / norms[index]!).toBeCloseTo(1, 3)
      expect(row.learning_rate).toBeCloseTo(rates[index]!, 12)
    }
    expect(scored.map(({ step }) => step)).toEqual([4, 8])
    for (const [index, row] of scored.entries()) expect(row.eval_loss).toBeCloseTo(evaluations[index]!, 4)
  })

  it('gives the same bytes again, and after an interruption', async () => {
    const course = {
      micro_batch_tokens: 48,
      weight_decay: 0.01,
      save_strategy: 'steps',
      save_steps: 3,
      logging_steps: 2,
    }
    const whole = await trainTiny(course)
    expect((await trainTiny(course)).weights).toBe(whole.weights)
    const controller = new AbortController()
    const interrupted = await trainTiny(course, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'update' && event.step === 7) controller.abort()
      },
    })
    expect(interrupted.result).toMatchObject({ status: 'interrupted', steps: 7 })
    const resumed = await trainTiny({ ...course, resume_from_checkpoint: true }, { output: interrupted.output })
    expect(resumed.result.log).toEqual(whole.result.log)
    expect(resumed.weights).toBe(whole.weights)
  })

  it('learns the same from parts of an update as from the whole', async () => {
    const still = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, classifier_dropout: 0, logging_steps: 1 }
    const whole = await trainTiny({ ...still, per_device_train_batch_size: 16 })
    const parts = await trainTiny({
      ...still,
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 4,
      micro_batch_tokens: 20,
    })
    const losses = ({ result }: Trained) => result.log.flatMap((row) => ('loss' in row ? [row.loss] : []))
    expect(losses(parts)).toHaveLength(8)
    losses(parts).forEach((loss, step) => {
      expect(loss).toBeCloseTo(losses(whole)[step]!, 4)
    })
  })

  it('trains its head alone where the encoder is frozen, and can be planned', async () => {
    const settings = parseTrainingArguments({ freeze_encoder: true, eval_strategy: 'epoch' })
    const model = await createTrainableModel(BASE, trainableModelOptions(settings, { labels: LABELS, threads: 1 }))
    try {
      const data = { examples: makeTexts(64, 1), evaluation: makeTexts(48, 2) }
      const estimate = await planTraining({ model, arguments: settings, labels: LABELS, threads: 1, ...data })
      expect(estimate.parameters.trained).toBeLessThan(estimate.parameters.all / 10)
      expect(estimate.steps.total).toBe(24)
      expect(estimate.trainSeconds).toBeGreaterThan(0)
      expect(estimate.evaluationSeconds).toBeGreaterThan(0)
    } finally {
      await model.release()
    }
  })
})
