// Values of training arguments as flags write them.
import type { ArgumentEntry } from './argument-entry.ts'
import { nameArgument } from './argument-names.ts'
import { TRAINING_ARGUMENTS } from './training-arguments.ts'

/**
 * Reads the text of a flag as the argument's type: `2e-5`, `true`, `balanced`, `1,2,0.5`, `negative=2,neutral=1`. What
 * doesn't read is given back as it is, for `parseTrainingArguments` to refuse. Throws MlError ARGUMENTS_INVALID on an
 * unknown name.
 */
export function readArgumentText(given: string, text: string): unknown {
  if (given.replaceAll('-', '_') === 'group_by_length') return readBoolean(text)
  const entry: ArgumentEntry = TRAINING_ARGUMENTS[nameArgument(given, text).name]
  if (entry.default === null && (text === 'none' || text === 'null')) return null
  switch (entry.type) {
    case 'integer':
    case 'number':
      return readNumber(text)
    case 'boolean':
    case 'resume':
      return readBoolean(text)
    case 'class weights':
      return readWeights(text)
    default:
      return text
  }
}

function readNumber(text: string): number | string {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text
}

function readBoolean(text: string): boolean | string {
  if (text === 'true' || text === 'True') return true
  return text === 'false' || text === 'False' ? false : text
}

function readWeights(text: string): unknown {
  if (text === 'balanced') return text
  const parts = text.split(',')
  if (!text.includes('=')) return parts.map(readNumber)
  return Object.fromEntries(parts.map((part) => splitPair(part)))
}

function splitPair(part: string): [string, number | string] {
  const at = part.lastIndexOf('=')
  return [part.slice(0, at).trim(), readNumber(part.slice(at + 1))]
}
