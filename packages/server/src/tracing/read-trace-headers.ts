// Headers that a collector of traces wants, from a file: credentials are no business of the command line.
import { readFileSync } from 'node:fs'
import { canSet } from '../config/otel/parse-pairs.ts'
import { ServerError } from '../errors.ts'

const MOST_CHARS = 65_536

/** One a line, as in a request; empty lines and those that begin with # are left out. Throws SETTING_INVALID. */
export function readTraceHeaders(path: string): Readonly<Record<string, string>> {
  const headers = new Headers()
  for (const [index, line] of readText(path).split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, name, value] = /^([^:\s]+):\s*(\S.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined || !canSet(headers, name, value)) {
      // Not the line itself: it may be a secret.
      refuse(path, `line ${index + 1}: expected a header, such as "Authorization: Bearer …"`)
    }
  }
  return Object.fromEntries(headers)
}

function readText(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return refuse(path, (error as Error).message)
  }
  return text.length <= MOST_CHARS ? text : refuse(path, `expected at most ${MOST_CHARS} characters`)
}

function refuse(path: string, reason: string): never {
  throw new ServerError('SETTING_INVALID', `--traces-headers-file or RENOWN_TRACES_HEADERS_FILE, ${path}: ${reason}`)
}
