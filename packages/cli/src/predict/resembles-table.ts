// Whether a line that is about to be scored as a post looks like the start of a table instead.
import { guessColumns } from '@renown/files'
import type { InputFormat } from './plan-predict.ts'

const DELIMITERS: readonly (readonly [string, InputFormat])[] = [
  ['\t', 'tsv'],
  [',', 'csv'],
  [';', 'csv'],
  ['|', 'csv'],
]
const WORDS_OF_A_NAME = 2

/** The format that the line belongs to, or null. A header counts where one of its names says that it holds posts. */
export function resembledFormat(line: string): InputFormat | null {
  if (isJsonObject(line)) return 'jsonl'
  const found = DELIMITERS.find(([delimiter]) => isHeader(line.split(delimiter)))
  return found === undefined ? null : found[1]
}

function isHeader(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const areNames = names.every((name) => name.split(/\s+/).length <= WORDS_OF_A_NAME)
  return names.length > 1 && areNames && guessColumns(names, []).text !== null
}

function isJsonObject(line: string): boolean {
  if (!line.trimStart().startsWith('{')) return false
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}
