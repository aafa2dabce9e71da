// What of a run's settings the trainable model needs to know.
import type { TrainableModelOptions } from '../training/trainable-model.ts'
import type { TrainingArguments } from './arguments/training-arguments.ts'

/** Options for `createTrainableModel` that go with the arguments. */
export function trainableModelOptions(
  settings: TrainingArguments,
  { labels, threads }: Pick<TrainableModelOptions, 'labels' | 'threads'>,
): TrainableModelOptions {
  const dropout = {
    hidden: settings.hiddenDropoutProb,
    attention: settings.attentionProbsDropoutProb,
    classifier: settings.classifierDropout,
  }
  return {
    optimizer: {
      betas: [settings.adamBeta1, settings.adamBeta2],
      epsilon: settings.adamEpsilon,
      weightDecay: settings.weightDecay,
      layerwiseDecay: settings.layerwiseLrDecay,
    },
    freeze: {
      embeddings: settings.freezeEmbeddings,
      layers: settings.freezeLayers,
      encoder: settings.freezeEncoder,
    },
    dropout: Object.fromEntries(Object.entries(dropout).filter(([, rate]) => rate !== null)),
    labels,
    threads,
    seed: settings.seed,
  }
}
