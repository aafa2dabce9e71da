// What a gate takes and gives.
import type { McNemarTest, PairedDifference } from '@renown/ml'
import type { MachineRecord, MetricValue } from '../manifest.ts'
import type { ModelFolder } from '../open-model-folder.ts'
import type { GatePolicy } from './policy.ts'

/** What a candidate is compared with: what serves now, the best ever promoted, the model that training began with. */
export const REFERENCE_ROLES = ['champion', 'best', 'base'] as const

export type ReferenceRole = (typeof REFERENCE_ROLES)[number]

export interface GateModel {
  /** As it was named. */
  readonly reference: string
  readonly folder: ModelFolder
}

/** Labelled posts to judge on. */
export interface GatePosts {
  /** What people call the data. */
  readonly dataSet: string
  /** `train`, `validation`, `test`, or `all` where the data isn't named after a part. */
  readonly split: string
  /** SHA-256 of the data file. */
  readonly sha256: string
  readonly texts: readonly string[]
  /** Class of each text, as an index into the candidate's labels. */
  readonly classes: readonly number[]
  /** Where each text is from, where that is known. */
  readonly sources?: readonly string[]
}

export interface GateRequest {
  readonly candidate: GateModel
  readonly references: Readonly<Partial<Record<ReferenceRole, GateModel>>>
  readonly posts: GatePosts
  readonly policy: GatePolicy
  /** Texts that the candidate was trained on, where they are at hand. */
  readonly trainingTexts?: readonly string[]
  /** The data folder: predictions are kept there, and which candidates were judged on what. */
  readonly home: string
  /** Threads of a run. */
  readonly threads: number
  readonly now: Date
  readonly signal?: AbortSignal
  /** What is done now, and the share of it that is done. */
  readonly onProgress?: (step: string, share: number) => void
}

export type RuleStatus = 'pass' | 'fail' | 'undecidable' | 'skipped'
export type GateVerdict = Exclude<RuleStatus, 'skipped'>

export type RuleName =
  | 'guessing'
  | ReferenceRole
  | 'class-recall'
  | 'class-floor'
  | 'quantised'
  | 'calibration'
  | 'slice'
  | 'latency'
  | 'size'
  | 'training-rows'

export interface GateRule {
  readonly rule: RuleName
  /** The file, class or slice that is judged. */
  readonly subject: string
  readonly status: RuleStatus
  /** As found, and the bound of it that is judged where there is one; shares of 1, or ratios. */
  readonly measured: number | null
  readonly bound: number | null
  readonly allowed: number | null
  readonly unit: 'share' | 'ratio'
  /** Rows that the rule would need to be decided. */
  readonly rowsNeeded?: number
  readonly sentence: string
}

/** One file of one model on the rows of the gate. */
export interface MeasuredModel {
  readonly role: 'candidate' | ReferenceRole
  readonly file: string
  readonly encoding: string
  readonly bytes: number
  /** With their 95 % intervals. */
  readonly macroRecall: MetricValue
  readonly accuracy: MetricValue
  readonly ece: number
  readonly recalls: readonly number[]
}

export interface GateComparison {
  /** The candidate's file. */
  readonly file: string
  readonly against: ReferenceRole | 'float32'
  readonly rows: number
  readonly differing: number
  readonly macroRecall: PairedDifference
  /** In the order of the labels. */
  readonly recalls: readonly (PairedDifference | null)[]
  readonly mcNemar: McNemarTest
}

export interface SliceComparison {
  readonly slice: string
  readonly rows: number
  readonly candidate: number
  readonly reference: number
  /** Null where the slice has too few rows to be judged. */
  readonly difference: PairedDifference | null
}

export interface GatedModel {
  readonly reference: string
  readonly name: string
  readonly version: string
  readonly hash: string
}

export interface GateReference extends GatedModel {
  readonly role: ReferenceRole
  /** Why it isn't compared with; null where it is. */
  readonly skipped: string | null
}

export interface TrainingRowsReport {
  /** How it was found out: by the texts, by the hashes that the manifest records, or not at all. */
  readonly by: 'texts' | 'hashes' | 'nothing'
  /** Rows that equal or resemble training rows; left out where the policy allows so many. */
  readonly leaked: number
}

export interface SpeedReport {
  /** Milliseconds for one post: of some posts the mean of the fastest rounds. */
  readonly candidate: number
  readonly reference: number
  readonly ratio: number
  readonly rounds: number
}

export interface GateHistory {
  /** How often these rows were judged on, and how many different candidates were; this time included. */
  readonly gates: number
  readonly candidates: number
}

export interface GateReport {
  readonly kind: 'renown-gate'
  readonly format: 1
  readonly created: string
  readonly verdict: GateVerdict
  readonly labels: readonly string[]
  readonly candidate: GatedModel
  readonly references: readonly GateReference[]
  readonly data: {
    readonly dataSet: string
    readonly split: string
    readonly sha256: string
    /** Of the judged rows with their labels, in any order. */
    readonly set: string
    readonly rowsOfFile: number
    readonly rows: number
    readonly perClass: readonly number[]
  }
  readonly policy: GatePolicy
  readonly rules: readonly GateRule[]
  readonly models: readonly MeasuredModel[]
  readonly comparisons: readonly GateComparison[]
  /** Of the served file against the champion, or the base where there is no champion. */
  readonly slices: readonly SliceComparison[]
  readonly speed: SpeedReport | null
  readonly trainingRows: TrainingRowsReport
  readonly history: GateHistory
  readonly warnings: readonly string[]
  readonly machine: MachineRecord
}
