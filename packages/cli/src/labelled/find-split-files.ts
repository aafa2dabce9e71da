// The files of each split in a folder: train.jsonl, val.jsonl, test.jsonl.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { parseSplitFile, type SplitFile } from './split-names.ts'

/** Paths by split, parts in their order. Throws INPUT_NOT_FOUND, or USAGE_INVALID where it isn't clear which file is meant. */
export async function findSplitFiles(folder: string): Promise<Map<string, string[]>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new CliError('INPUT_NOT_FOUND', `"${folder}" can't be read as a folder`, { cause })
  })
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  const splits = planSplitFiles(folder, files)
  return new Map([...splits].map(([split, parts]) => [split, parts.map((file) => join(folder, file))]))
}

interface Named extends SplitFile {
  readonly file: string
}

export function planSplitFiles(folder: string, names: readonly string[]): Map<string, string[]> {
  const found = new Map<string, Named[]>()
  for (const file of [...names].sort()) {
    const parsed = parseSplitFile(file)
    if (parsed !== null) found.set(parsed.split, [...(found.get(parsed.split) ?? []), { ...parsed, file }])
  }
  if (found.size === 0) {
    throw new CliError(
      'INPUT_NOT_FOUND',
      `"${folder}" has no file that is named after a split: expected train.*, and validation.* or test.*`,
    )
  }
  return new Map([...found].map(([split, files]) => [split, orderParts(folder, split, files)]))
}

function orderParts(folder: string, split: string, files: readonly Named[]): string[] {
  const [first] = files
  if (files.length === 1 && first?.part === null) return [first.file]
  const ordered = [...files].sort((a, b) => (a.part?.index ?? -1) - (b.part?.index ?? -1))
  const count = first?.part?.count
  const isWhole =
    ordered.length === count && ordered.every(({ part }, index) => part?.index === index && part.count === count)
  if (isWhole) return ordered.map(({ file }) => file)
  const listed = files.map(({ file }) => file).join(', ')
  throw new CliError(
    'USAGE_INVALID',
    `"${folder}": expected one file for ${split}, or all the parts of one, got ${listed}`,
  )
}
