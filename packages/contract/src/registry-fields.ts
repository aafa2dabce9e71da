// Fields that several resources of the registry share.
import { type TArray, type TObject, type TString, Type } from 'typebox'

/** `v3`. */
export const VERSION_PATTERN = '^v[1-9][0-9]{0,8}$'
/** `v3` or `champion`. */
export const REFERENCE_PATTERN = '^[a-z][a-z0-9_-]{0,63}$'
export const EXAMPLE_HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

export interface Evidence {
  name: string
  sha256: string
}

/** One line that shows as it is; the registry checks the rest. */
export function lineField(description: string, example: string): TString {
  return Type.String({ minLength: 1, maxLength: 2000, description, examples: [example] })
}

export const evidenceField: TArray<TObject<{ name: TString; sha256: TString }>> = Type.Array(
  Type.Object({
    // Nothing that breaks the line, can't be seen, or turns the words after it.
    name: Type.String({ pattern: '^[^\\p{C}\\p{Zl}\\p{Zp}]+$', maxLength: 200, examples: ['gate.json'] }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', examples: [EXAMPLE_HASH] }),
  }),
  { maxItems: 20, description: 'Documents that it rests on, by their hash.' },
)
