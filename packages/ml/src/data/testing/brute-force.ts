// Slow and plain: what the tests of duplicates compare with.
import { comparisonForm } from '../comparison-form.ts'

export function stringShingles(form: string): Set<string> {
  const shingles = new Set<string>()
  if (form.length > 0 && form.length < 5) shingles.add(form)
  for (let start = 0; start + 5 <= form.length; start++) shingles.add(form.slice(start, start + 5))
  return shingles
}

/** Jaccard similarity of two forms. */
export function exactSimilarity(a: string, b: string): number {
  const first = stringShingles(a)
  const second = stringShingles(b)
  const union = new Set([...first, ...second])
  return union.size === 0 ? 1 : (first.size + second.size - union.size) / union.size
}

/** Groups of rows that near pairs connect, found by comparing each row with each. */
export function connectedRows(texts: readonly string[], threshold: number): number[][] {
  const forms = texts.map(comparisonForm)
  const isNear = (a: string, b: string): boolean => a !== '' && b !== '' && exactSimilarity(a, b) >= threshold
  const group = forms.map((_, row) => row)
  for (const [a, form] of forms.entries()) {
    for (const [b, other] of forms.slice(0, a).entries()) if (isNear(form, other)) relabel(group, a, b)
  }
  return groupBy(group.keys(), (row) => group[row]).filter((rows) => rows.length > 1)
}

function relabel(group: number[], a: number, b: number): void {
  const [from, to = 0] = [group[a], group[b]]
  for (const [row, at] of group.entries()) if (at === from) group[row] = to
}

/** In the order of the first of each group. */
export function groupBy<Key>(rows: Iterable<number>, keyOf: (row: number) => Key): number[][] {
  const groups = new Map<Key, number[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return [...groups.values()]
}
