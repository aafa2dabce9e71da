// The training loop, with the semantics of transformers' Trainer.
export type { ArgumentEntry, ArgumentType, ClassWeights } from './arguments/argument-entry.ts'
export {
  recipeFromArguments,
  TRAINING_ARGUMENTS,
  type TrainingArgumentName,
  type TrainingArguments,
} from './arguments/training-arguments.ts'
export type { EvaluationRow, FinalRow, LogRow, StepRow } from './log-row.ts'
export type { StepsPlan } from './steps-plan.ts'
export type { BestModel, EvaluationOutcome, TrainingEvent, TrainOptions, TrainResult } from './train-options.ts'
export type { TrainingExample } from './training-example.ts'
