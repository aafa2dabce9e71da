// From what a recipe or the flags say to the settings of a run.
import { MlError } from '../../errors.ts'
import { describeValue } from '../../weights/describe-value.ts'
import { type NamedArgument, nameArgument } from './argument-names.ts'
import { checkArgumentValue } from './argument-value.ts'
import { checkArguments } from './check-arguments.ts'
import {
  camelCase,
  listArguments,
  TRAINING_ARGUMENTS,
  type TrainingArgumentName,
  type TrainingArguments,
} from './training-arguments.ts'

/**
 * Checks options under their names (snake_case or kebab-case, aliases and version 4's names too) and fills in the
 * Trainer's defaults. Throws MlError ARGUMENTS_INVALID on unknown names, wrong types, values out of range and
 * contradictions.
 */
export function parseTrainingArguments(given: Readonly<Record<string, unknown>>): TrainingArguments {
  const named = collectArguments(given)
  const values: Record<string, unknown> = {}
  for (const [name, entry] of listArguments()) values[camelCase(name)] = named.get(name)?.value ?? entry.default
  const settings = deriveArguments(values as unknown as TrainingArguments)
  const size = named.get('per_device_train_batch_size')
  if (settings.maxTokensPerBatch !== null && size && settings.perDeviceTrainBatchSize !== 8) {
    throw new MlError(
      'ARGUMENTS_INVALID',
      `${size.given} and max_tokens_per_batch both cut the batches: set one of them`,
    )
  }
  checkArguments(settings)
  return settings
}

function collectArguments(given: Readonly<Record<string, unknown>>): Map<TrainingArgumentName, NamedArgument> {
  const named = new Map<TrainingArgumentName, NamedArgument>()
  for (const [key, raw] of Object.entries(given)) {
    if (raw === undefined) continue
    const argument = nameArgument(key, raw)
    const value = checkArgumentValue(key, TRAINING_ARGUMENTS[argument.name], argument.value)
    const other = named.get(argument.name)
    if (other && JSON.stringify(other.value) !== JSON.stringify(value)) {
      throw new MlError(
        'ARGUMENTS_INVALID',
        `${other.given} and ${key} are the same argument, got ${describeValue(other.value)} and ${describeValue(value)}`,
      )
    }
    named.set(argument.name, { ...argument, value })
  }
  return named
}

/** What the Trainer derives from other options (`TrainingArguments.__post_init__`). */
function deriveArguments(settings: TrainingArguments): TrainingArguments {
  const needsMetric = settings.loadBestModelAtEnd || settings.saveStrategy === 'best'
  const metricForBestModel = settings.metricForBestModel ?? (needsMetric ? 'loss' : null)
  const countsSteps = settings.evalStrategy === 'steps' && (settings.evalSteps === null || settings.evalSteps === 0)
  return {
    ...settings,
    metricForBestModel,
    greaterIsBetter: settings.greaterIsBetter ?? (metricForBestModel === null ? null : metricForBestModel !== 'loss'),
    evalSteps: countsSteps ? settings.loggingSteps : settings.evalSteps,
  }
}
