// What a data file is called where its scores are recorded.
import { basename, dirname, resolve } from 'node:path'
import { parseSplitName } from '../labelled/split-names.ts'

const EXTENSIONS = /(\.[a-z0-9]+)(\.gz)?$/i

/** `tweeteval-sentiment/test.jsonl` is the split `test` of `tweeteval-sentiment`; `posts.csv` is all of `posts`. */
export function nameDataSet(path: string): { dataSet: string; split: string } {
  const name = basename(path).replace(EXTENSIONS, '')
  const parsed = parseSplitName(name)
  if (parsed === null) return { dataSet: name, split: 'all' }
  return { dataSet: basename(dirname(resolve(path))) || name, split: parsed.split }
}
