// The training loop, with the semantics of transformers' Trainer.
export type { ArgumentEntry, ArgumentType, ClassWeights } from './arguments/argument-entry.ts'
export { isTrainingArgument, listUnsupported } from './arguments/argument-names.ts'
export { readArgumentText } from './arguments/argument-text.ts'
export { BATCH_ARGUMENTS } from './arguments/batch-table.ts'
export { checkEvaluationSet } from './arguments/check-arguments.ts'
export { LEARNING_ARGUMENTS } from './arguments/learning-table.ts'
export { MODEL_ARGUMENTS } from './arguments/model-table.ts'
export { findNearestName } from './arguments/nearest-name.ts'
export { parseTrainingArguments } from './arguments/parse-arguments.ts'
export { REPORT_ARGUMENTS } from './arguments/report-table.ts'
export {
  recipeFromArguments,
  TRAINING_ARGUMENTS,
  type TrainingArgumentName,
  type TrainingArguments,
} from './arguments/training-arguments.ts'
export { syncPath, writeDurably } from './checkpoint/durable-files.ts'
export { lockOutput, type OutputLock } from './checkpoint/output-lock.ts'
export { type Checkpoint, findLatestCheckpoint, readCheckpoint } from './checkpoint/read-checkpoint.ts'
export { fingerprintExamples } from './checkpoint/run-record.ts'
export { type PredictOptions, predictExamples } from './evaluate-examples.ts'
export type { EvaluationRow, FinalRow, LogRow, StepRow } from './log-row.ts'
export { trainableModelOptions } from './model-options.ts'
export { type MeasuredSpeed, type PlanTrainingOptions, planTraining, type TrainingEstimate } from './plan-training.ts'
export type { StepsPlan } from './steps-plan.ts'
export { train } from './train.ts'
export type { BestModel, EvaluationOutcome, TrainingEvent, TrainOptions, TrainResult } from './train-options.ts'
export type { TrainingExample } from './training-example.ts'
