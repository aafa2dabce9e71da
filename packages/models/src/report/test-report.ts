// A training report's data for tests: small, and everything in it.
import { evaluate } from '@renown/ml'
import { HASH, MANIFEST } from '../test-fixtures.ts'
import type { SplitEvaluation } from '../trained/finish-types.ts'
import type { TrainingReportData } from './report-data.ts'

const LABELS = MANIFEST.labels

/** Every fourth of `posts` is wrong, the surer the later it comes. */
function makeEvaluation(file: string, encoding: string, split: string, posts: number): SplitEvaluation {
  const classes = Array.from({ length: posts }, (_, post) => post % 3)
  const probabilities = classes.map((label, post) => {
    const top = 0.5 + (0.49 * post) / posts
    const predicted = post % 4 === 3 ? (label + 1) % 3 : label
    return LABELS.map((_, index) => (index === predicted ? top : (1 - top) / 2))
  })
  const evaluation = evaluate(classes, probabilities, LABELS, { resamples: 100 })
  const { ece, nll, brier, bins } = evaluation
  return {
    file,
    encoding,
    dataSet: 'tiny_posts (mood)',
    split,
    sha256: HASH,
    evaluation,
    calibration: { before: { ece: ece + 0.05, nll, brier, bins }, after: { ece, nll, brier, bins } },
    mistakes: classes
      .map((label, post) => ({
        row: post,
        label: LABELS[label] ?? '',
        predicted: LABELS[(label + 1) % 3] ?? '',
        probability: 0.5 + (0.49 * post) / posts,
        labelProbability: 0.25 - (0.245 * post) / posts,
        text: `the text of post ${post}`,
      }))
      .filter(({ row }) => row % 4 === 3)
      .reverse(),
  }
}

export function makeReport(extra: Partial<TrainingReportData> = {}): TrainingReportData {
  return {
    manifest: {
      ...MANIFEST,
      temperature: 1.25,
      temperatureFit: {
        value: 1.25,
        dataSet: 'tiny_posts (mood)',
        split: 'validation',
        rows: 120,
        nllBefore: 0.71,
        nllAfter: 0.69,
      },
      training: {
        data: [{ name: 'tiny_posts', config: 'mood', split: 'train', rows: 45615, sha256: HASH }],
        recipe: { learning_rate: 0.00008, betas: [0.9, 0.999], seed: 42 },
        trainer: 'Renown',
        commit: '0123abcd',
        seconds: 3725,
        machine: { cpu: 'Some CPU', threads: 2, platform: 'linux x64', node: '20.20.0', onnxruntime: '1.30.0' },
      },
    },
    evaluations: [
      makeEvaluation('onnx/model_quantized.onnx', 'int8', 'test', 300),
      makeEvaluation('model.safetensors', 'float32', 'test', 300),
      makeEvaluation('onnx/model_quantized.onnx', 'int8', 'validation', 120),
      makeEvaluation('model.safetensors', 'float32', 'validation', 120),
    ],
    logHistory: [
      { loss: 1.1, grad_norm: 2, learning_rate: 0.00004, epoch: 0.5, step: 500 },
      { loss: 0.8, grad_norm: 2, learning_rate: 0.00008, epoch: 1, step: 1000 },
      { eval_loss: 0.75, eval_macro_recall: 0.68, eval_runtime: 2, eval_samples_per_second: 60, epoch: 1, step: 1000 },
      { loss: 0.6, grad_norm: 2, learning_rate: 0.00002, epoch: 2, step: 2000 },
      { eval_loss: 0.79, eval_macro_recall: 0.66, eval_runtime: 2, eval_samples_per_second: 60, epoch: 2, step: 2000 },
      { train_runtime: 3725, train_samples_per_second: 24.5, train_loss: 0.8, epoch: 2, step: 2000 },
    ],
    bestStep: 1000,
    dataTables: [
      {
        title: 'Labels',
        note: 'Posts of each label.',
        columns: ['label', 'train'],
        rows: LABELS.map((label, index) => [label, 1500 * (index + 1)]),
      },
    ],
    ...extra,
  }
}
