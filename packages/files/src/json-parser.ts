// A JSON document to rows: the elements of its list, one by one.
import { FilesError } from './errors.ts'
import { JsonSplitter } from './json-splitter.ts'
import type { FileLimits } from './limits.ts'
import { collectColumns, readJsonRow } from './line-parser.ts'
import { Outcomes, parserOver, type TextParser } from './text-parser.ts'

const ROWS_THAT_NAME_COLUMNS = 1000

export function createJsonParser(limits: FileLimits): TextParser {
  const columns = collectColumns(limits)
  const outcomes = new Outcomes()
  const splitter = new JsonSplitter(limits.rowBytes, {
    element(json, element, valid) {
      if (!valid) outcomes.countRepaired()
      const outcome = readJsonRow(json, element, limits)
      if (element <= ROWS_THAT_NAME_COLUMNS) columns.add(outcome)
      outcomes.add(outcome)
    },
    reject: (line, code, reason) => {
      outcomes.add({ line, code, reason })
    },
  })

  function end(): void {
    if (!splitter.found) {
      const expected = 'a list of objects, or an object that holds one ({"data": [{…}]})'
      throw new FilesError('JSON_NO_ROWS', `Expected ${expected}; found none in the document.`)
    }
    splitter.end()
  }

  return parserOver({ push: (chunk) => splitter.push(chunk), end }, outcomes, () => columns.list())
}
