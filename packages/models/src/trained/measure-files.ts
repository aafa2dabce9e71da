// Measures the files of a new model folder on its splits; the temperature comes out of the first measurement.
import type { Evaluation } from '@renown/ml'
import { evaluatePosts, postProbabilities } from '../evaluation/evaluate-posts.ts'
import { openPostScorer, type PostLogits, type ScoredFolder } from '../evaluation/score-posts.ts'
import { toRecord } from '../evaluation/to-record.ts'
import { FLOAT_ONNX_FILE, QUANTIZED_ONNX_FILE, SAFETENSORS_FILE } from '../loader-files.ts'
import type { ManifestEvaluation, ModelManifest, TemperatureRecord } from '../manifest.ts'
import { makeProfile } from '../profile/make-profile.ts'
import type { StoredProfile } from '../profile/profile-file.ts'
import { checkParity, PARITY_POSTS } from './check-parity.ts'
import { findMistakes } from './find-mistakes.ts'
import type { CalibrationFigures, FinishOptions, LabelledSplit, SplitEvaluation } from './finish-types.ts'
import { fitSplitTemperature } from './fit-temperature.ts'
import { nameSplitData } from './name-split.ts'

const MISTAKES = 50

interface DraftFolder extends ScoredFolder {
  readonly manifest: ModelManifest
}

interface ScoredFile {
  readonly file: string
  readonly encoding: string
  /** Logits of each split. */
  readonly logits: readonly PostLogits[]
}

export interface MeasuredFiles {
  readonly temperature: TemperatureRecord
  readonly evaluations: readonly SplitEvaluation[]
  /** Of the file that is served by default, on the first split; null where the labels are not the three sentiments. */
  readonly profile: StoredProfile | null
}

/**
 * The weights in 32 bits (`model.safetensors`) and in 8 (`onnx/model_quantized.onnx`), each on each split.
 * `onnx/model.onnx` holds the same numbers as the first: a few posts show that it does. Throws EXPORT_FAILED where it
 * does not.
 */
export async function measureFiles(folder: DraftFolder, options: FinishOptions): Promise<MeasuredFiles> {
  const { validation, test } = options
  const splits = test === undefined ? [validation] : [test, validation]
  const float = await scoreFile(folder, SAFETENSORS_FILE, splits, options)
  const onValidation = float.logits.at(-1) ?? []
  await checkFloatOnnx(folder, onValidation, options)
  const temperature = fitSplitTemperature(onValidation, validation)
  const quantized = await scoreFile(folder, QUANTIZED_ONNX_FILE, splits, options)
  const evaluations = splits.flatMap((split, at) =>
    [quantized, float].map((scored) =>
      evaluateSplit(scored, split, scored.logits[at] ?? [], temperature.value, folder.manifest.labels, options),
    ),
  )
  const profile = await profileSplit(folder, splits[0] ?? validation, quantized.logits[0] ?? [], temperature.value)
  return { temperature, evaluations, profile }
}

async function profileSplit(
  folder: DraftFolder,
  split: LabelledSplit,
  logits: PostLogits,
  temperature: number,
): Promise<StoredProfile | null> {
  const probabilities = postProbabilities(logits, temperature)
  const reference = await makeProfile(folder, { ...split, probabilities })
  const source = { dataSet: nameSplitData(split), split: split.split, sha256: split.sha256 }
  return reference === null ? null : { source, reference }
}

async function scoreFile(
  folder: DraftFolder,
  file: string,
  splits: readonly Pick<LabelledSplit, 'split' | 'texts'>[],
  options: FinishOptions,
): Promise<ScoredFile> {
  const encoding = file === QUANTIZED_ONNX_FILE ? 'auto' : 'float32'
  const scorer = await openPostScorer(folder, { threads: options.threads, encoding, file })
  try {
    const logits: PostLogits[] = []
    for (const { split, texts } of splits) {
      const step = `Measuring ${file} on ${split}`
      options.onProgress?.(step, 0)
      const scored = await scorer.score(texts, {
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        onProgress: (_windows, share) => options.onProgress?.(step, share),
      })
      logits.push(scored)
    }
    return { file, encoding: scorer.encoding, logits }
  } finally {
    await scorer.release()
  }
}

async function checkFloatOnnx(folder: DraftFolder, expected: PostLogits, options: FinishOptions): Promise<void> {
  const texts = options.validation.texts.slice(0, PARITY_POSTS)
  const { logits } = await scoreFile(folder, FLOAT_ONNX_FILE, [{ split: options.validation.split, texts }], options)
  checkParity(FLOAT_ONNX_FILE, logits[0] ?? [], expected)
}

function evaluateSplit(
  scored: ScoredFile,
  split: LabelledSplit,
  logits: PostLogits,
  temperature: number,
  labels: readonly string[],
  { seed, resamples }: FinishOptions,
): SplitEvaluation {
  const { evaluation, untempered, probabilities } = evaluatePosts(logits, split.classes, labels, {
    temperature,
    ...(seed === undefined ? {} : { seed }),
    ...(resamples === undefined ? {} : { resamples }),
  })
  return {
    file: scored.file,
    encoding: scored.encoding,
    dataSet: nameSplitData(split),
    ...(split.revision === undefined ? {} : { revision: split.revision }),
    split: split.split,
    sha256: split.sha256,
    evaluation,
    calibration: { before: calibrationFigures(untempered), after: calibrationFigures(evaluation) },
    mistakes: findMistakes(split, probabilities, labels, MISTAKES),
  }
}

function calibrationFigures({ ece, nll, brier, bins }: Evaluation): CalibrationFigures {
  return { ece, nll, brier, bins }
}

/** What renown.json holds of an evaluation. */
export function evaluationRecord(measured: SplitEvaluation, manifest: ModelManifest): ManifestEvaluation {
  const fileSha256 = manifest.files[measured.file]?.sha256
  return {
    ...toRecord({ ...measured, eceBefore: measured.calibration.before.ece, date: new Date(manifest.created) }),
    ...(fileSha256 === undefined ? {} : { fileSha256 }),
  }
}
