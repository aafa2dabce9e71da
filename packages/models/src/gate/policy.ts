// The policy of a gate: what a candidate may lose, and on which rows that is seen.
import { findNearestName } from '@renown/ml'
import { parse } from 'yaml'
import { ModelsError } from '../errors.ts'
import { showValue } from '../read-fields.ts'
import {
  GATE_SPLITS,
  type GateSplitName,
  type NumberEntry,
  POLICY_KEYS,
  POLICY_NUMBERS,
  type PolicyNumber,
} from './policy-table.ts'

/** Margins in points (hundredths), shares and ratios as they are; under the keys of a policy file. */
export type GatePolicy = Readonly<Record<PolicyNumber, number>> & { readonly split: GateSplitName }

/** The default policy. */
export const GATE_POLICY: GatePolicy = readGatePolicy('', 'the default policy')

/**
 * Reads a policy in YAML or JSON, with its keys in snake_case or kebab-case; what it doesn't say has its default. `name`
 * is for messages. Throws GATE_POLICY_INVALID.
 */
export function readGatePolicy(text: string, name: string): GatePolicy {
  const given = readEntries(parsePolicy(text, name), name)
  const numbers = Object.fromEntries(
    Object.entries<NumberEntry>(POLICY_NUMBERS).map(([key, entry]) => [
      key,
      readNumber(name, key, entry, given.get(key)),
    ]),
  ) as Record<PolicyNumber, number | null>
  const margin = numbers.margin ?? 0
  return {
    split: readSplit(name, given.get('split')),
    ...(numbers as Record<PolicyNumber, number>),
    best_margin: numbers.best_margin ?? 2 * margin,
    base_margin: numbers.base_margin ?? margin,
  }
}

function parsePolicy(text: string, name: string): Readonly<Record<string, unknown>> {
  const document = parseYaml(text, name) ?? {}
  if (typeof document === 'object' && !Array.isArray(document)) return document as Readonly<Record<string, unknown>>
  throw invalid(name, 'expected keys and values, such as "margin: 1.0"')
}

function parseYaml(text: string, name: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw invalid(name, `expected YAML or JSON: ${(cause as Error).message}`, cause)
  }
}

function readEntries(document: Readonly<Record<string, unknown>>, name: string): Map<string, unknown> {
  const given = new Map<string, unknown>()
  for (const [written, value] of Object.entries(document)) {
    const key = written.replaceAll('-', '_')
    if (!POLICY_KEYS.includes(key)) {
      const nearest = findNearestName(key, POLICY_KEYS)
      const hint = nearest === undefined ? `expected some of ${POLICY_KEYS.join(', ')}` : `did you mean "${nearest}"?`
      throw invalid(name, `there is no key "${written}": ${hint}`)
    }
    if (given.has(key)) throw invalid(name, `"${key}" is there twice`)
    given.set(key, value)
  }
  return given
}

function readSplit(name: string, value: unknown): GateSplitName {
  if (value === undefined || value === null) return 'gate'
  const found = GATE_SPLITS.find((split) => split === value)
  if (found !== undefined) return found
  throw invalid(name, `split: expected one of ${GATE_SPLITS.join(', ')}, got ${showValue(value)}`)
}

function readNumber(name: string, key: string, entry: NumberEntry, value: unknown): number | null {
  if (value === undefined || value === null) return entry.default
  const { least, most, open = false, whole = false } = entry
  const isInside =
    typeof value === 'number' &&
    (open ? value > least && value < most : value >= least && value <= most) &&
    (!whole || Number.isInteger(value))
  if (isInside) return value
  const kind = whole ? 'a whole number' : 'a number'
  const range = open ? `between ${least} and ${most}` : `from ${least} to ${most}`
  throw invalid(name, `${key}: expected ${kind} ${range}, got ${showValue(value)}`)
}

function invalid(name: string, reason: string, cause?: unknown): ModelsError {
  return new ModelsError('GATE_POLICY_INVALID', `${name}: ${reason}`, cause === undefined ? {} : { cause })
}
