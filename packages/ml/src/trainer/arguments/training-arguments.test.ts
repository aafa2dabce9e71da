// What is asked of a run is understood, or refused with what to do.
import { describe, expect, it } from 'vitest'
import { MlError } from '../../errors.ts'
import { readArgumentText } from './argument-text.ts'
import { checkEvaluationSet } from './check-arguments.ts'
import { parseTrainingArguments } from './parse-arguments.ts'
import { recipeFromArguments } from './training-arguments.ts'

function messageOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof MlError && error.code === 'ARGUMENTS_INVALID') return error.message
    throw error
  }
  throw new Error('expected a refusal')
}

const refusal = (given: Record<string, unknown>) => messageOf(() => parseTrainingArguments(given))

describe('arguments', () => {
  it("are the Trainer's defaults where nothing is said (transformers 5.23)", () => {
    expect(parseTrainingArguments({})).toMatchObject({
      perDeviceTrainBatchSize: 8,
      perDeviceEvalBatchSize: 8,
      gradientAccumulationSteps: 1,
      numTrainEpochs: 3,
      maxSteps: -1,
      learningRate: 5e-5,
      lrSchedulerType: 'linear',
      warmupSteps: 0,
      weightDecay: 0,
      adamBeta1: 0.9,
      adamBeta2: 0.999,
      adamEpsilon: 1e-8,
      maxGradNorm: 1,
      labelSmoothingFactor: 0,
      loggingStrategy: 'steps',
      loggingSteps: 500,
      loggingFirstStep: false,
      evalStrategy: 'no',
      evalDelay: 0,
      evalOnStart: false,
      saveStrategy: 'steps',
      saveSteps: 500,
      saveTotalLimit: null,
      loadBestModelAtEnd: false,
      metricForBestModel: null,
      greaterIsBetter: null,
      seed: 42,
      dataSeed: null,
      trainSamplingStrategy: 'random',
      dataloaderDropLast: false,
      resumeFromCheckpoint: null,
    })
  })

  it('may be written with dashes, and under the names of version 4', () => {
    const settings = parseTrainingArguments({
      'learning-rate': 2e-5,
      evaluation_strategy: 'epoch',
      group_by_length: true,
      'per-gpu-train-batch-size': 32,
      warmup_ratio: 0.1,
    })
    expect(settings).toMatchObject({
      learningRate: 2e-5,
      evalStrategy: 'epoch',
      trainSamplingStrategy: 'group_by_length',
      perDeviceTrainBatchSize: 32,
      warmupRatio: 0.1,
    })
    expect(parseTrainingArguments({ group_by_length: false }).trainSamplingStrategy).toBe('random')
  })

  it('that follow from others are filled in', () => {
    const best = { load_best_model_at_end: true, eval_strategy: 'epoch', save_strategy: 'epoch' }
    expect(parseTrainingArguments(best)).toMatchObject({ metricForBestModel: 'loss', greaterIsBetter: false })
    expect(parseTrainingArguments({ ...best, metric_for_best_model: 'eval_macro_recall' })).toMatchObject({
      metricForBestModel: 'macro_recall',
      greaterIsBetter: true,
    })
    expect(parseTrainingArguments({ eval_strategy: 'steps', logging_steps: 20 }).evalSteps).toBe(20)
  })

  it('come back the same from a recipe', () => {
    const settings = parseTrainingArguments({
      warmup_steps: 0.06,
      class_weights: { negative: 2, positive: 1 },
      eval_strategy: 'steps',
      max_tokens_per_batch: 512,
    })
    expect(parseTrainingArguments(recipeFromArguments(settings))).toEqual(settings)
  })

  it('of unknown names are refused with the nearest known one', () => {
    expect(refusal({ leraning_rate: 1e-5 })).toContain('did you mean learning_rate?')
    expect(refusal({ 'batch-size-of-the-moon': 1 })).toBe('There is no training argument "batch-size-of-the-moon"')
    expect(refusal({ fp16: true })).toBe("fp16 isn't supported: training computes in 32-bit floats; leave it out")
    expect(refusal({ logging_dir: 'logs' })).toMatch(/^logging_dir isn't supported: .*trainer_state\.json/)
    expect(refusal({ save_only_model: true })).toContain('a resumed run needs')
    expect(refusal({ __proto__x: 1 })).toContain('There is no training argument')
    expect(refusal(JSON.parse('{"__proto__": {"seed": 1}}'))).toContain('There is no training argument')
    expect(refusal({ constructor: 1 })).toContain('There is no training argument')
  })

  it.each([
    [{ learning_rate: Number.NaN }, 'learning_rate: expected a number of at least 0, got NaN'],
    [{ learning_rate: Number.POSITIVE_INFINITY }, 'learning_rate: expected a number of at least 0, got Infinity'],
    [{ learning_rate: -1e-5 }, 'learning_rate: expected a number of at least 0, got -0.00001'],
    [{ learning_rate: '2e-5' }, 'learning_rate: expected a number of at least 0, got "2e-5"'],
    [{ learning_rate: null }, 'learning_rate: expected a number of at least 0, got null'],
    [{ adam_beta1: 1 }, 'adam_beta1: expected a number of at least 0 and less than 1, got 1'],
    [{ per_device_train_batch_size: 0 }, 'per_device_train_batch_size: expected a whole number of at least 1, got 0'],
    [
      { per_device_train_batch_size: 1.5 },
      'per_device_train_batch_size: expected a whole number of at least 1, got 1.5',
    ],
    [{ seed: -1 }, 'seed: expected a whole number of at least 0 and at most 4294967295, got -1'],
    [{ dataloader_drop_last: 'yes' }, 'dataloader_drop_last: expected true or false, got "yes"'],
    [{ eval_strategy: 'often' }, 'eval_strategy: expected one of no, steps, epoch, got "often"'],
    [
      { metric_for_best_model: 'f2' },
      'metric_for_best_model: expected one of loss, accuracy, macro_recall, macro_f1, got "f2"',
    ],
    [
      { class_weights: [1, -1] },
      'class_weights: expected balanced, a list of numbers of at least 0, or such a number for each label, got a list of 2',
    ],
    [
      { class_weights: [0, 0] },
      'class_weights: expected balanced, a list of numbers of at least 0, or such a number for each label, got a list of 2',
    ],
    [{ num_train_epochs: 0 }, 'num_train_epochs: expected a number above 0, got 0'],
    [{ max_steps: 0 }, 'max_steps: expected at least 1, or -1 for num_train_epochs, got 0'],
    [{ logging_steps: 0 }, 'logging_steps: expected more than 0 with logging_strategy steps, got 0; or set it to no'],
    [{ logging_steps: 2.5 }, 'logging_steps: expected a whole number, or a share below 1, got 2.5'],
    [{ warmup_steps: 10.5 }, 'warmup_steps: expected a whole number, or a share below 1, got 10.5'],
  ])('%j is refused', (given, message) => {
    expect(refusal(given)).toBe(message)
  })

  it.each([
    [
      { learning_rate: 1e-5, 'learning-rate': 2e-5 },
      'learning_rate and learning-rate are the same argument, got 0.00001 and 0.00002',
    ],
    [
      { evaluation_strategy: 'no', eval_strategy: 'epoch' },
      'evaluation_strategy and eval_strategy are the same argument, got "no" and "epoch"',
    ],
    [
      { warmup_steps: 5, warmup_ratio: 0.1 },
      'warmup_steps 5 and warmup_ratio 0.1 say different things: set one of them',
    ],
    [
      { per_device_train_batch_size: 16, max_tokens_per_batch: 512 },
      'per_device_train_batch_size and max_tokens_per_batch both cut the batches: set one of them',
    ],
  ])('%j contradict each other', (given, message) => {
    expect(refusal(given)).toBe(message)
  })

  it('may be given twice with the same value', () => {
    expect(parseTrainingArguments({ learning_rate: 1e-5, 'learning-rate': 1e-5 }).learningRate).toBe(1e-5)
  })
})

describe('the best model at the end', () => {
  const best = { load_best_model_at_end: true }

  it('is refused where it was never evaluated or saved, with what to set', () => {
    expect(refusal(best)).toBe(
      'load_best_model_at_end needs evaluations to compare: set eval_strategy and save_strategy both to epoch',
    )
    expect(refusal({ ...best, eval_strategy: 'epoch' })).toBe(
      'load_best_model_at_end needs a checkpoint of what was evaluated, but eval_strategy is epoch and save_strategy is ' +
        'steps: set save_strategy to epoch or best',
    )
    const steps = { ...best, eval_strategy: 'steps', save_strategy: 'steps' }
    expect(refusal({ ...steps, eval_steps: 200 })).toContain('set save_steps to 200, or save_strategy to best')
    expect(refusal({ ...steps, eval_steps: 0.1 })).toContain('set both to whole numbers, or both to shares')
    expect(refusal({ ...steps, eval_steps: 0.1, save_steps: 0.25 })).toContain('multiple of eval_steps')
  })

  it('is fine where each evaluation, or each better one, has its checkpoint', () => {
    const steps = { ...best, eval_strategy: 'steps', save_strategy: 'steps' }
    for (const given of [
      { ...best, eval_strategy: 'epoch', save_strategy: 'best' },
      { ...steps, eval_steps: 250 },
      { ...steps, eval_steps: 0.1, save_steps: 0.3 },
    ]) {
      expect(parseTrainingArguments(given).loadBestModelAtEnd).toBe(true)
    }
  })
})

describe('early stopping, save_strategy best and averages', () => {
  it('are refused without what they need', () => {
    expect(refusal({ early_stopping_patience: 2 })).toContain('set eval_strategy to epoch or steps')
    expect(refusal({ early_stopping_patience: 2, eval_strategy: 'epoch' })).toContain('set metric_for_best_model')
    expect(refusal({ save_strategy: 'best' })).toContain('set eval_strategy to epoch or steps')
    expect(refusal({ average_checkpoints: 3, save_strategy: 'no' })).toContain('set save_strategy to epoch or steps')
    expect(refusal({ average_checkpoints: 3, save_total_limit: 2 })).toContain('set it to 3 or leave it out')
    expect(
      refusal({ average_checkpoints: 3, load_best_model_at_end: true, eval_strategy: 'epoch', save_strategy: 'epoch' }),
    ).toContain('set one of them')
  })
})

describe('evaluation', () => {
  it('needs a set to evaluate on', () => {
    const settings = parseTrainingArguments({ eval_strategy: 'epoch' })
    expect(() => checkEvaluationSet(settings, true)).not.toThrow()
    expect(messageOf(() => checkEvaluationSet(settings, false))).toBe(
      'eval_strategy epoch needs an evaluation set: give one, or set eval_strategy to no and eval_on_start to false',
    )
  })
})

describe('texts of flags', () => {
  it.each([
    ['learning-rate', '2e-5', 2e-5],
    ['learning_rate', 'fast', 'fast'],
    ['learning_rate', '', ''],
    ['learning_rate', '0x10', '0x10'],
    ['seed', '7', 7],
    ['load-best-model-at-end', 'true', true],
    ['group-by-length', 'true', true],
    ['resume_from_checkpoint', 'true', true],
    ['resume_from_checkpoint', 'runs/checkpoint-5', 'runs/checkpoint-5'],
    ['class_weights', 'balanced', 'balanced'],
    ['class_weights', '1,2,0.5', [1, 2, 0.5]],
    ['class_weights', 'negative=2,positive=1', { negative: 2, positive: 1 }],
    ['save_total_limit', 'none', null],
    ['eval_strategy', 'epoch', 'epoch'],
  ])('%s %s', (name, text, value) => {
    expect(readArgumentText(name, text)).toEqual(value)
  })
})
