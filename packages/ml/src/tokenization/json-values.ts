// Reading untrusted JSON of tokenizer files: each helper returns a typed value or throws TOKENIZER_INVALID.
import { MlError } from '../errors.ts'

export type JsonRecord = Readonly<Record<string, unknown>>

export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MlError('TOKENIZER_INVALID', `${where} is not valid JSON`, { cause: error })
  }
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asRecord(value: unknown, where: string): JsonRecord {
  if (isRecord(value)) return value
  throw new MlError('TOKENIZER_INVALID', `${where}: expected a JSON object, got ${kindOf(value)}`)
}

/** A token → id table with whole, non-negative ids. */
export function asVocabulary(value: unknown, where: string): Map<string, number> {
  const record = asRecord(value, where)
  const vocabulary = new Map<string, number>()
  for (const token of Object.keys(record)) {
    const id = record[token]
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0x7fffffff) {
      throw new MlError(
        'TOKENIZER_INVALID',
        `${where}: expected a token id, got ${typeof id === 'number' ? id : kindOf(id)} for "${token.slice(0, 80)}"`,
      )
    }
    vocabulary.set(token, id)
  }
  if (vocabulary.size === 0) throw new MlError('TOKENIZER_INVALID', `${where}: expected tokens, got none`)
  return vocabulary
}

/** A whole number above zero, or undefined for anything else. */
export function positiveInteger(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** The text of a special token: a plain string, or an object with `content`. */
export function tokenContent(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return isRecord(value) && typeof value.content === 'string' ? value.content : undefined
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : typeof value
}

/** The `type` of a part of a tokenizer's definition. */
export function kindOfPart(value: unknown): unknown {
  return isRecord(value) ? value.type : undefined
}
