// A training while it runs, for Prometheus.
import { Gauge, Registry } from 'prom-client'
import { toLabelValue } from './label-value.ts'
import { SeriesCounter } from './series.ts'

/** Of the run: what its folder is called, and what it began with. */
export interface TrainingRun {
  readonly name: string
  readonly base: string
}

export interface TrainingUpdate {
  readonly step: number
  readonly total: number
  readonly epoch: number
  readonly loss: number
  readonly gradNorm: number
  readonly learningRate: number
  readonly examples: number
  readonly tokens: number
}

export interface TrainingEvaluation {
  readonly loss: number
  readonly accuracy: number
  readonly macroRecall: number
  readonly macroF1: number
}

export interface TrainingMetrics {
  readonly registry: Registry
  updated(update: TrainingUpdate): void
  evaluated(evaluation: TrainingEvaluation, isBest: boolean): void
  saved(): void
}

export function createTrainingMetrics({ name, base }: TrainingRun): TrainingMetrics {
  const registry = new Registry()
  new Gauge({
    name: 'renown_training_info',
    help: 'The training that runs here, and the model that it began with; always 1.',
    labelNames: ['run', 'base'],
    registers: [registry],
  }).set({ run: toLabelValue(name), base: toLabelValue(base) }, 1)
  const evaluations = createEvaluationMetrics(registry)
  const checkpoints = new SeriesCounter({
    name: 'renown_training_checkpoints_total',
    help: 'Checkpoints saved.',
    registers: [registry],
  }).at()
  return {
    registry,
    updated: createUpdateMetrics(registry),
    evaluated: evaluations,
    saved: () => checkpoints.add(),
  }
}

function createUpdateMetrics(registry: Registry): (update: TrainingUpdate) => void {
  const registers = [registry]
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `renown_training_${name}`, help, registers })
  const step = gauge('step', 'Updates of the weights that are done, those before a resume included.')
  const planned = gauge('planned_steps', 'Updates that are planned.')
  const epoch = gauge('epoch', 'Passes over the training posts that are done.')
  const loss = createUnknown(gauge('loss', 'Training loss of the last update.'))
  const norm = createUnknown(gauge('gradient_norm', 'Norm of the gradient before clipping, of the last update.'))
  const rate = gauge('learning_rate', 'Learning rate of the last update.')
  const examples = new SeriesCounter({ name: 'renown_training_posts_total', help: 'Posts trained on.', registers }).at()
  const tokens = new SeriesCounter({ name: 'renown_training_tokens_total', help: 'Tokens trained on.', registers }).at()
  return (update) => {
    step.set(update.step)
    planned.set(update.total)
    epoch.set(update.epoch)
    loss.set(update.loss)
    norm.set(update.gradNorm)
    rate.set(update.learningRate)
    examples.add(update.examples)
    tokens.add(update.tokens)
  }
}

function createEvaluationMetrics(registry: Registry): TrainingMetrics['evaluated'] {
  const registers = [registry]
  const loss = createUnknown(
    new Gauge({ name: 'renown_training_evaluation_loss', help: 'Loss of the last evaluation.', registers }),
  )
  const labelNames = ['metric']
  const help = 'What the last evaluation measured: accuracy, macro_recall, macro_f1.'
  const last = new Gauge({ name: 'renown_training_evaluation_ratio', help, labelNames, registers })
  const best = new Gauge({
    name: 'renown_training_best_evaluation_ratio',
    help: 'What the best evaluation so far measured: accuracy, macro_recall, macro_f1.',
    labelNames,
    registers,
  })
  return ({ loss: measured, accuracy, macroRecall, macroF1 }, isBest) => {
    loss.set(measured)
    for (const gauge of isBest ? [last, best] : [last]) {
      gauge.set({ metric: 'accuracy' }, accuracy)
      gauge.set({ metric: 'macro_recall' }, macroRecall)
      gauge.set({ metric: 'macro_f1' }, macroF1)
    }
  }
}

/** Nothing was measured yet, and zero would be a measurement. */
function createUnknown(gauge: Gauge): Gauge {
  gauge.set(Number.NaN)
  return gauge
}
