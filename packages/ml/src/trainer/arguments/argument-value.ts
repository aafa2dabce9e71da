// Checks the value of one training argument.
import { MlError } from '../../errors.ts'
import { describeValue } from '../../weights/describe-value.ts'
import type { ArgumentEntry, ClassWeights } from './argument-entry.ts'

/** @throws MlError ARGUMENTS_INVALID where the value isn't what the entry allows */
export function checkArgumentValue(given: string, entry: ArgumentEntry, value: unknown): unknown {
  if (value === null && entry.default === null) return null
  switch (entry.type) {
    case 'integer':
    case 'number':
      return checkNumber(given, entry, value)
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw invalid(given, 'true or false', value)
    case 'choice':
      return checkChoice(given, entry.choices ?? [], value)
    case 'text':
      if (typeof value === 'string') return value
      throw invalid(given, 'a text', value)
    case 'resume':
      return checkResume(given, value)
    case 'class weights':
      return checkClassWeights(given, value)
  }
}

function checkNumber(given: string, entry: ArgumentEntry, value: unknown): number {
  const isRight =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (entry.type === 'number' || Number.isSafeInteger(value)) &&
    value >= (entry.minimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (entry.maximum ?? Number.POSITIVE_INFINITY) &&
    value < (entry.below ?? Number.POSITIVE_INFINITY)
  if (isRight) return value
  throw invalid(given, describeNumber(entry), value)
}

function describeNumber(entry: ArgumentEntry): string {
  const limits = [
    entry.minimum === undefined ? [] : [`at least ${entry.minimum}`],
    entry.maximum === undefined ? [] : [`at most ${entry.maximum}`],
    entry.below === undefined ? [] : [`less than ${entry.below}`],
  ].flat()
  const kind = entry.type === 'integer' ? 'a whole number' : 'a number'
  return limits.length === 0 ? kind : `${kind} of ${limits.join(' and ')}`
}

function checkChoice(given: string, choices: readonly string[], value: unknown): string {
  const plain = typeof value === 'string' ? value.replace(/^eval_/, '') : value
  const choice = choices.find((known) => known === value || known === plain)
  if (choice !== undefined) return choice
  // YAML reads a bare `no` as false in its older version.
  if (value === false && choices.includes('no')) return 'no'
  throw invalid(given, `one of ${choices.join(', ')}`, value)
}

function checkResume(given: string, value: unknown): string | true | null {
  if (value === false) return null
  if (value === true || (typeof value === 'string' && value !== '')) return value
  throw invalid(given, 'a checkpoint folder or true', value)
}

function checkClassWeights(given: string, value: unknown): ClassWeights {
  if (value === 'balanced') return value
  const isObject = typeof value === 'object' && value !== null
  const weights: unknown[] = isObject ? Object.values(value) : []
  const areSound =
    weights.length > 0 &&
    weights.every((weight) => typeof weight === 'number' && Number.isFinite(weight) && weight >= 0) &&
    weights.some((weight) => weight !== 0)
  if (areSound) return value as ClassWeights
  throw invalid(given, 'balanced, a list of numbers of at least 0, or such a number for each label', value)
}

function invalid(given: string, expected: string, value: unknown): MlError {
  return new MlError('ARGUMENTS_INVALID', `${given}: expected ${expected}, got ${describeValue(value)}`)
}
