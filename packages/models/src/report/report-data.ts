// What a training report is made of.
import type { Evaluation } from '@renown/ml'
import type { ModelManifest } from '../manifest.ts'
import type { LogHistoryRow, SplitEvaluation } from '../trained/finish-types.ts'

/** A table of the report on the data, as its maker words it. */
export interface ReportTable {
  readonly title: string
  /** A sentence under the title. */
  readonly note?: string
  readonly columns: readonly string[]
  /** Columns of numbers, and of empty texts among them, stand to the right. */
  readonly rows: readonly (readonly (string | number)[])[]
}

/** A model that the trained one is compared with. */
export interface Comparison {
  /** Such as `its base`, or a model's name. */
  readonly name: string
  /** What it was measured on; the split of the first evaluation unless given. */
  readonly split?: string
  readonly evaluation: Pick<Evaluation, 'n' | 'macroRecall' | 'intervals'>
}

export interface TrainingReportData {
  readonly manifest: ModelManifest
  /** As `finishTrainedModel` gives them: the one that matters most comes first. */
  readonly evaluations: readonly SplitEvaluation[]
  /** `log_history` of trainer_state.json. */
  readonly logHistory: readonly LogHistoryRow[]
  /** The step whose weights were kept, where they are not the last. */
  readonly bestStep?: number
  readonly before?: Comparison
  readonly dataTables?: readonly ReportTable[]
  /** Show the texts of mistakes. They are left out by default: reports become public. */
  readonly includeTexts?: boolean
}
