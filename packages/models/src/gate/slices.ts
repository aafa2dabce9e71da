// Parts of the posts that a model may be bad at although it is good on average.

export interface Slice {
  readonly name: string
  readonly rows: readonly number[]
}

const SHORT_CHARS = 70
const LONG_CHARS = 140

const NEGATION =
  /(?<![\p{L}\p{N}])(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without)(?![\p{L}\p{N}])|n['’]t(?![\p{L}\p{N}])/iu

const KINDS: readonly (readonly [string, (text: string) => boolean])[] = [
  [`under ${SHORT_CHARS} characters`, (text) => text.length < SHORT_CHARS],
  [`${SHORT_CHARS} to ${LONG_CHARS} characters`, (text) => text.length >= SHORT_CHARS && text.length <= LONG_CHARS],
  [`over ${LONG_CHARS} characters`, (text) => text.length > LONG_CHARS],
  ['with a mention', (text) => /(?<![\p{L}\p{N}_])@[\p{L}\p{N}_]/u.test(text)],
  ['without a mention', (text) => !/(?<![\p{L}\p{N}_])@[\p{L}\p{N}_]/u.test(text)],
  ['with a hashtag', (text) => /(?<![\p{L}\p{N}_&])#[\p{L}\p{N}_]/u.test(text)],
  ['with a negation', (text) => NEGATION.test(text)],
  ['with an emoji', (text) => /\p{Extended_Pictographic}/u.test(text)],
]

const MOST_SOURCES = 20

/** Slices without rows, and those of all rows, are left out; of the sources the twenty largest. */
export function findSlices(texts: readonly string[], sources?: readonly string[]): readonly Slice[] {
  const rows = [...texts.keys()]
  const kinds = KINDS.map(([name, holds]) => ({ name, rows: rows.filter((row) => holds(texts[row] ?? '')) }))
  return [...kinds, ...sourceSlices(sources ?? [])].filter(
    ({ rows: { length } }) => length > 0 && length < texts.length,
  )
}

function sourceSlices(sources: readonly string[]): readonly Slice[] {
  const bySource = new Map<string, number[]>()
  for (const [row, source] of sources.entries()) {
    if (source === '') continue
    const known = bySource.get(source)
    if (known === undefined) bySource.set(source, [row])
    else known.push(row)
  }
  return [...bySource]
    .map(([source, rows]) => ({ name: `from ${source}`, rows }))
    .sort((a, b) => b.rows.length - a.rows.length)
    .slice(0, MOST_SOURCES)
}
