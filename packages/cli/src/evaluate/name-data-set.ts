// What a data file is called where its scores are recorded.
import { basename, dirname, resolve } from 'node:path'

const SPLITS = /^(train|training|val|valid|validation|dev|test)$/i
const EXTENSIONS = /(\.[a-z0-9]+)(\.gz)?$/i

/** `tweeteval-sentiment/test.jsonl` is the split `test` of `tweeteval-sentiment`; `posts.csv` is all of `posts`. */
export function nameDataSet(path: string): { dataSet: string; split: string } {
  const name = basename(path).replace(EXTENSIONS, '')
  if (!SPLITS.test(name)) return { dataSet: name, split: 'all' }
  return { dataSet: basename(dirname(resolve(path))) || name, split: name.toLowerCase() }
}
