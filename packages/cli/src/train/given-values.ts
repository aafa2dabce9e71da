// Values as they were given, by flag or in a recipe, and how each kind is read.
import { CliError } from '../errors.ts'

export interface Given {
  readonly value: unknown
  /** As a person would name it: `--train-samples`, or `train_samples in recipe.yaml`. */
  readonly where: string
}

/** By snake_case name. */
export type GivenValues = Readonly<Record<string, Given | undefined>>

export function refuseValue({ value, where }: Given, expected: string): never {
  throw new CliError('USAGE_INVALID', `${where}: expected ${expected}, got ${describeGiven(value)}`)
}

function describeGiven(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
}

export function readText(given: Given): string {
  const { value } = given
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : refuseValue(given, 'a text')
}

export interface NumberLimits {
  readonly integer?: boolean
  readonly least?: number
  readonly above?: number
  readonly below?: number
  readonly most?: number
}

/** Flags come as text, recipes have numbers. NaN and infinity are no numbers here. */
export function readNumber(given: Given, expected: string, limits: NumberLimits = {}): number {
  const { value } = given
  const isText = typeof value === 'string' && value.trim() !== ''
  const number = isText ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return refuseValue(given, expected)
  if (limits.integer === true && !Number.isSafeInteger(number)) return refuseValue(given, expected)
  if (limits.least !== undefined && number < limits.least) return refuseValue(given, expected)
  if (limits.most !== undefined && number > limits.most) return refuseValue(given, expected)
  if (limits.above !== undefined && number <= limits.above) return refuseValue(given, expected)
  if (limits.below !== undefined && number >= limits.below) return refuseValue(given, expected)
  return number
}

/** A flag without a value is true. */
export function readSwitch(given: Given): boolean {
  const text = String(given.value).toLowerCase()
  if (text === 'true') return true
  return text === 'false' ? false : refuseValue(given, 'true or false')
}

/** A list, or names separated by commas. */
export function readNames(given: Given): readonly string[] {
  const { value } = given
  const names = Array.isArray(value) ? value.map((item) => String(item)) : readText(given).split(',')
  const trimmed = names.map((name) => name.trim())
  if (trimmed.length === 0 || trimmed.some((name) => name === '')) return refuseValue(given, 'names')
  return trimmed
}

export function readChoice<T extends string>(given: Given, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === given.value)
  return found ?? refuseValue(given, `one of ${choices.join(', ')}`)
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
