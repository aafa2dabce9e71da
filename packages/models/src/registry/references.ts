// What versions and aliases are called, and what may be written beside them into the log.
import { ModelsError } from '../errors.ts'
import { showValue } from '../read-fields.ts'

/** The alias of what serves. */
export const CHAMPION = 'champion'

/** Always aliases, whether they are set or not. */
export const USUAL_ALIASES: readonly string[] = [CHAMPION, 'challenger']

const VERSION = /^v[1-9]\d{0,8}$/
const ALIAS = /^[a-z][a-z0-9_-]{0,63}$/
/** They mean something else where a model is named, or would seem to. */
const RESERVED: readonly string[] = ['default', 'latest', 'none', 'hf', 'http', 'https', 'file', 's3', 'gs']
const MOST_CHARS = 2000

export function isVersion(reference: string): boolean {
  return VERSION.test(reference)
}

/** Whether it could be an alias: lower-case letters, digits, `-` and `_`, and neither a version nor a reserved word. */
export function isAliasName(reference: string): boolean {
  return ALIAS.test(reference) && !/^v\d+$/.test(reference) && !RESERVED.includes(reference)
}

/** Throws REGISTRY_INPUT_INVALID. */
export function checkAlias(alias: string): void {
  if (isAliasName(alias)) return
  throw new ModelsError(
    'REGISTRY_INPUT_INVALID',
    `expected an alias of lower-case letters, digits, "-" and "_" that is no version and none of ${RESERVED.slice(0, 3).join(', ')}, got ${showValue(alias)}`,
  )
}

/** Who or why, or a name: one line that shows as it is. Throws REGISTRY_INPUT_INVALID. */
export function checkLine(what: string, value: string): string {
  const text = value.trim()
  const isSound =
    text !== '' && text.length <= MOST_CHARS && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text)
  if (isSound) return text
  throw new ModelsError(
    'REGISTRY_INPUT_INVALID',
    `${what}: expected one line of 1 to ${MOST_CHARS} characters, got ${showValue(value)}`,
  )
}
