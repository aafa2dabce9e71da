// All training arguments: one table, the type of a run's settings, and their defaults.
import type { ArgumentEntry, ArgumentValue } from './argument-entry.ts'
import { BATCH_ARGUMENTS } from './batch-table.ts'
import { LEARNING_ARGUMENTS } from './learning-table.ts'
import { MODEL_ARGUMENTS } from './model-table.ts'
import { REPORT_ARGUMENTS } from './report-table.ts'

type ArgumentTable = typeof LEARNING_ARGUMENTS &
  typeof BATCH_ARGUMENTS &
  typeof REPORT_ARGUMENTS &
  typeof MODEL_ARGUMENTS

/** Names as in payloads (transformers' TrainingArguments 5.23, and ours where `own`), types, defaults, limits, help. */
export const TRAINING_ARGUMENTS: ArgumentTable = {
  ...LEARNING_ARGUMENTS,
  ...BATCH_ARGUMENTS,
  ...REPORT_ARGUMENTS,
  ...MODEL_ARGUMENTS,
}

export type TrainingArgumentName = keyof ArgumentTable

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/** The settings of a run; each option of the table under its name in camel case. */
export type TrainingArguments = {
  readonly [Name in TrainingArgumentName as CamelCase<Name>]: ArgumentValue<ArgumentTable[Name]>
}

/** `save_total_limit` → `saveTotalLimit`. */
export function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

export function listArguments(): [TrainingArgumentName, ArgumentEntry][] {
  return Object.entries(TRAINING_ARGUMENTS) as [TrainingArgumentName, ArgumentEntry][]
}

/** A run's settings as a recipe writes them: every option, in snake_case, in the table's order. */
export function recipeFromArguments(settings: TrainingArguments): Record<string, unknown> {
  const values = settings as Readonly<Record<string, unknown>>
  return Object.fromEntries(listArguments().map(([name]) => [name, values[camelCase(name)]]))
}
