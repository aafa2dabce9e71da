// What finishing a trained model takes and gives.
import type { CalibrationBin, Evaluation, Preparation } from '@renown/ml'
import type { BaseModel, ModelManifest, TemperatureRecord, TrainingDataSet } from '../manifest.ts'

/** Labelled posts that a model is measured on. */
export interface LabelledSplit {
  /** What people call the data, such as `tweet_eval`, or a file's name. */
  readonly dataSet: string
  /** The configuration, where the data set has several, such as `sentiment`. */
  readonly config?: string
  /** The commit of a data set from the Hub. */
  readonly revision?: string
  /** `validation`, `test`, … */
  readonly split: string
  /** SHA-256 of the data file. */
  readonly sha256: string
  readonly texts: readonly string[]
  /** Class of each text, as an index into the model's labels. */
  readonly classes: readonly number[]
  /** Where each text stands in its data: a line or a row, from 1. Without it, its place in `texts`, from 1. */
  readonly rows?: readonly number[]
}

/** Where a model comes from. */
export interface TrainingLineage {
  readonly base: BaseModel | null
  /** Version of the model folder of ours that was trained on; null for a plain transformers folder. */
  readonly parent: string | null
  /** What it was trained on, the validation split included. */
  readonly data: readonly TrainingDataSet[]
  /** The complete training arguments, defaults included, the seeds among them. */
  readonly recipe: Readonly<Record<string, unknown>>
  /** Such as `Renown 0.1.0`. */
  readonly trainer: string
  /** How long training took. */
  readonly seconds: number
  /** Threads that training used. */
  readonly threads: number
  /** What a reader of the card should know beside, in sentences. */
  readonly notes?: string
}

/** A row of `log_history` in trainer_state.json: `step`, `epoch`, and what was logged (`loss`, `eval_loss`, …). */
export type LogHistoryRow = object

export interface FinishOptions {
  /** The folder with the best weights: config.json with its labels, tokenizer files, model.safetensors. */
  readonly source: string
  readonly output: string
  /** Replace what stands at the output, if that is a model folder; it is refused otherwise. */
  readonly replace?: boolean
  /** By default the output folder's name. */
  readonly name?: string
  /** By default the start of the files' common hash. */
  readonly version?: string
  /** By default `unknown`. */
  readonly license?: string
  /** A file with the licence's text, which is put into the folder as LICENSE. */
  readonly licenseFile?: string
  readonly preparation: Preparation
  /** The temperature is fitted on this split, and on no other. */
  readonly validation: LabelledSplit
  readonly test?: LabelledSplit
  readonly lineage: TrainingLineage
  /** The evaluations in it become the card's training curve. */
  readonly logHistory?: readonly LogHistoryRow[]
  /** Threads of a run while the files are measured. */
  readonly threads: number
  /** Of the bootstrap. */
  readonly seed?: number
  readonly resamples?: number
  readonly created?: Date
  readonly signal?: AbortSignal
  /** Called as work goes on: what is done now, and the share of it that is done, from 0 to 1. */
  readonly onProgress?: (step: string, share: number) => void
}

/** One served file on one split, with temperature 1 and with the fitted one. */
export interface SplitEvaluation {
  /** Such as `onnx/model_quantized.onnx`. */
  readonly file: string
  /** How the weights were held: `float32`, `int8` or `uint8`. */
  readonly encoding: string
  /** With its configuration: `tweet_eval (sentiment)`. */
  readonly dataSet: string
  readonly revision?: string
  readonly split: string
  readonly sha256: string
  /** Probabilities that people get: logits divided by the fitted temperature. */
  readonly evaluation: Evaluation
  readonly calibration: {
    readonly before: CalibrationFigures
    readonly after: CalibrationFigures
  }
  /** The rows that the model is most surely wrong about, worst first. */
  readonly mistakes: readonly Mistake[]
}

export interface CalibrationFigures {
  readonly ece: number
  readonly nll: number
  readonly brier: number
  readonly bins: readonly CalibrationBin[]
}

export interface Mistake {
  /** Where the text stands in its data, from 1. */
  readonly row: number
  readonly label: string
  readonly predicted: string
  /** Of the predicted label. */
  readonly probability: number
  /** Of the true label. */
  readonly labelProbability: number
  readonly text: string
}

export interface FinishedModel {
  /** Absolute. */
  readonly path: string
  readonly hash: string
  readonly manifest: ModelManifest
  readonly temperature: TemperatureRecord
  /** Each served file on each split: the test split first, and the file that Renown serves by default. */
  readonly evaluations: readonly SplitEvaluation[]
}
