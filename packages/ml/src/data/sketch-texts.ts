// What duplicates are found by: each different text once, with its shingles and its bands.
import { comparisonForm } from './comparison-form.ts'
import { BANDS, createBandHasher } from './min-hash.ts'
import { shingleSet } from './shingles.ts'

export interface TextSketches {
  /** Number of each row's form; −1 for rows without a visible character, which are nobody's duplicates. */
  readonly forms: Int32Array
  /** Number of each form. */
  readonly numbers: ReadonlyMap<string, number>
  /** Shingles of each form. */
  readonly sets: readonly Uint32Array[]
  /** [forms, BANDS] */
  readonly bands: Uint32Array
}

/** About 1 KB a text beside the texts. */
export function sketchTexts(texts: readonly string[]): TextSketches {
  const numbers = new Map<string, number>()
  const forms = new Int32Array(texts.length)
  for (const [row, text] of texts.entries()) {
    const form = comparisonForm(text)
    const number = numbers.get(form) ?? numbers.size
    if (form !== '') numbers.set(form, number)
    forms[row] = form === '' ? -1 : number
  }
  const hashBands = createBandHasher()
  const bands = new Uint32Array(numbers.size * BANDS)
  const sets: Uint32Array[] = []
  for (const [form, number] of numbers) {
    const set = shingleSet(form)
    hashBands(set, bands, number * BANDS)
    sets.push(set)
  }
  return { forms, numbers, sets, bands }
}
