// What `renown predict` is going to do, decided from its arguments before anything is opened.
import { basename, dirname, extname, join, resolve } from 'node:path'
import { CliError } from '../errors.ts'

export const OUTPUT_FORMATS = ['jsonl', 'csv', 'table'] as const
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

export const INPUT_FORMATS = ['lines', 'csv', 'tsv', 'json', 'jsonl', 'parquet'] as const
export type InputFormat = (typeof INPUT_FORMATS)[number]

export interface PredictRequest {
  readonly inputs: readonly string[]
  /** Take the arguments as texts, even where a file has that name. */
  readonly text?: boolean
  readonly format?: InputFormat
  readonly output?: string
  readonly to?: OutputFormat
  readonly rejects?: string
  readonly textColumn?: string
  readonly dateColumn?: string
}

export interface PredictSurroundings {
  readonly isFile: (path: string) => boolean
  readonly stdinIsTerminal: boolean
  readonly stdoutIsTerminal: boolean
}

export type PredictInput =
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'stdin'; readonly format: InputFormat }
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly format: InputFormat | null }

export interface PredictPlan {
  readonly input: PredictInput
  /** null: standard output. */
  readonly output: string | null
  /** `auto`: a table while there are few rows, JSONL beyond. */
  readonly to: OutputFormat | 'auto'
  /** Where rejected rows go; null: they are only told of. */
  readonly rejects: string | null
  /** Rows come slowly and are wanted at once, as they are typed. */
  readonly live: boolean
}

const DATA_EXTENSIONS = /\.(csv|tsv|tab|json|jsonl|ndjson|parquet|txt)(\.gz)?$|\.gz$/i
const TO_BY_EXTENSION: Readonly<Record<string, OutputFormat>> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' }

/** Throws USAGE_INVALID, INPUT_NOT_FOUND, OUTPUT_REFUSED. */
export function planPredict(request: PredictRequest, around: PredictSurroundings): PredictPlan {
  const input = planInput(request, around)
  refuseColumns(input, request)
  const output = request.output === undefined || request.output === '-' ? null : request.output
  refuseOverwriting(input, output, request.rejects)
  return {
    input,
    output,
    to: planFormat(request, input, output, around),
    rejects: request.rejects ?? defaultRejects(input, output),
    live: input.kind === 'stdin' && around.stdinIsTerminal,
  }
}

function planInput(request: PredictRequest, around: PredictSurroundings): PredictInput {
  const { inputs, format } = request
  if (request.text === true) return planTexts(inputs)
  if (inputs.length === 0 || inputs.includes('-')) {
    if (inputs.length > 1) throw new CliError('USAGE_INVALID', '"-" reads standard input and stands alone')
    if (inputs.length === 0 && around.stdinIsTerminal) {
      throw new CliError(
        'USAGE_INVALID',
        'nothing to score: expected texts, files, or posts on standard input; `renown predict --help` has examples',
      )
    }
    return { kind: 'stdin', format: format ?? 'lines' }
  }
  const files = inputs.filter((input) => isLikelyFile(input, around))
  if (files.length === 0) return planTexts(inputs)
  const missing = files.find((path) => !around.isFile(path))
  if (missing !== undefined) {
    throw new CliError('INPUT_NOT_FOUND', `there is no file "${missing}" (to score it as a text, add --text)`)
  }
  const other = inputs.find((input) => !files.includes(input))
  if (other !== undefined) {
    throw new CliError(
      'USAGE_INVALID',
      `"${other}" is not a file, and the other arguments are: expected texts or files`,
    )
  }
  return { kind: 'files', paths: inputs, format: format ?? null }
}

/** Plain texts and lines have no columns: whoever names one has a table in mind, whose rows would be scored whole. */
function refuseColumns(input: PredictInput, { textColumn, dateColumn }: PredictRequest): void {
  const flag = textColumn !== undefined ? '--text-column' : dateColumn !== undefined ? '--date-column' : null
  if (flag === null || input.kind === 'files' || (input.kind === 'stdin' && input.format !== 'lines')) return
  throw new CliError(
    'USAGE_INVALID',
    input.kind === 'texts'
      ? `${flag} names a column of a file, and the arguments are texts`
      : `${flag} names a column, and standard input is read as one text a line: say what it is with --format csv (or ${INPUT_FORMATS.slice(2).join(', ')})`,
  )
}

function planTexts(texts: readonly string[]): PredictInput {
  if (texts.length === 0) throw new CliError('USAGE_INVALID', 'nothing to score: --text expects at least one argument')
  return { kind: 'texts', texts }
}

/** A mistyped `posts.csv` is a missing file, not a post. */
function isLikelyFile(input: string, around: PredictSurroundings): boolean {
  return around.isFile(input) || (!/\s/.test(input) && DATA_EXTENSIONS.test(input))
}

function planFormat(
  request: PredictRequest,
  input: PredictInput,
  output: string | null,
  around: PredictSurroundings,
): OutputFormat | 'auto' {
  if (request.to !== undefined) return request.to
  if (output !== null) return TO_BY_EXTENSION[extname(output).toLowerCase()] ?? 'jsonl'
  if (!around.stdoutIsTerminal) return 'jsonl'
  const isTyped = input.kind === 'stdin' && around.stdinIsTerminal
  return input.kind === 'texts' || isTyped ? 'table' : 'auto'
}

/** Beside the output, or, when the results go to standard output, in the working folder under the input's name. */
function defaultRejects(input: PredictInput, output: string | null): string | null {
  if (output !== null) return join(dirname(output), `${stem(output)}.rejects.jsonl`)
  const [first] = input.kind === 'files' ? input.paths : []
  return first === undefined ? null : `${stem(first)}.rejects.jsonl`
}

function stem(path: string): string {
  const name = basename(path)
  return name.replace(DATA_EXTENSIONS, '') || name
}

function refuseOverwriting(input: PredictInput, output: string | null, rejects: string | undefined): void {
  const inputs = input.kind === 'files' ? input.paths.map((path) => resolve(path)) : []
  for (const [flag, path] of [['--output', output] as const, ['--rejects', rejects ?? null] as const]) {
    if (path === null || !inputs.includes(resolve(path))) continue
    throw new CliError('OUTPUT_REFUSED', `${flag} "${path}" is one of the files to score: it would be overwritten`)
  }
  if (output !== null && rejects !== undefined && resolve(output) === resolve(rejects)) {
    throw new CliError('OUTPUT_REFUSED', `--output and --rejects are the same file "${output}"`)
  }
}
