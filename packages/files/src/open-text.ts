// Opens UTF-8-able text: what it is, its columns and first rows, then everything else as it is asked for.
import type { Peeked } from './byte-stream.ts'
import { createDelimitedParser } from './delimited-parser.ts'
import { createUtf8Transcoder } from './encoding.ts'
import { FilesError } from './errors.ts'
import { createJsonParser } from './json-parser.ts'
import type { FileLimits } from './limits.ts'
import { createJsonLinesParser, createPlainTextParser } from './line-parser.ts'
import { refuseBinary, refuseKnownFormats } from './magic.ts'
import type { TextHints, TextPlan } from './plan-text.ts'
import { planText } from './plan-text.ts'
import type { SourceParts } from './row-source.ts'
import type { RowOutcome } from './rows.ts'
import type { TextParser } from './text-parser.ts'

const SAMPLE_BYTES = 64 * 1024
/** Rows read ahead to learn the columns of JSON, and for previews. */
const ROWS_AHEAD = 100
/** Reading ahead stops here when at least one row is there. */
const BYTES_AHEAD = 4 * 1024 * 1024

export interface OpenTextOptions extends TextHints {
  readonly encoding?: string
  readonly limits: FileLimits
}

type TextParts = Pick<
  SourceParts,
  'format' | 'delimiter' | 'columns' | 'pending' | 'outcomes' | 'encoding' | 'repairedRows'
>

export async function openText(peeked: Peeked, options: OpenTextOptions): Promise<TextParts> {
  refuseKnownFormats(peeked.head)
  const complete = peeked.ended && peeked.head.length <= SAMPLE_BYTES
  const sample = sampleText(peeked.head.subarray(0, SAMPLE_BYTES), complete, options.encoding)
  if (complete && Buffer.from(sample).toString('utf8').trim() === '') {
    throw new FilesError('FILE_EMPTY', 'The file has no rows: it is empty.')
  }
  refuseBinary(sample)
  const plan = planText(sample, complete, options)
  const parser = createParser(plan, options.limits)
  const transcoder = createUtf8Transcoder(options.encoding)
  const outcomes = parseChunks(peeked.all, transcoder, parser, hasOldLineEnds(sample))
  const pending = await readAhead(outcomes)
  const columns = parser.columns()
  if (columns.length === 0) throw noColumns(pending)
  return {
    format: plan.format,
    delimiter: plan.delimiter,
    columns,
    pending,
    outcomes: justOutcomes(outcomes),
    encoding: transcoder.encoding,
    repairedRows: parser.repairedRows,
  }
}

function sampleText(bytes: Uint8Array, complete: boolean, encoding: string | undefined): Uint8Array {
  const transcoder = createUtf8Transcoder(encoding)
  const start = transcoder.push(bytes)
  return complete ? Buffer.concat([start, transcoder.end()]) : start
}

function createParser(plan: TextPlan, limits: FileLimits): TextParser {
  if (plan.format === 'json') return createJsonParser(limits)
  if (plan.format === 'jsonl') return createJsonLinesParser(limits)
  if (plan.format === 'txt') return createPlainTextParser(limits)
  const { delimiter, columns, namesDelimiter } = plan
  return createDelimitedParser({ delimiter, columns, namesDelimiter, limits })
}

interface Step {
  readonly outcomes: RowOutcome[]
  readonly bytes: number
}

async function* parseChunks(
  chunks: AsyncIterable<Uint8Array>,
  transcoder: { push(chunk: Uint8Array): Uint8Array; end(): Uint8Array },
  parser: TextParser,
  oldLineEnds: boolean,
): AsyncGenerator<Step> {
  const modern = oldLineEnds ? returnsToNewlines : (bytes: Uint8Array): Uint8Array => bytes
  for await (const chunk of chunks) {
    yield { outcomes: parser.push(modern(transcoder.push(chunk))), bytes: chunk.length }
  }
  const outcomes = parser.push(modern(transcoder.end()))
  yield { outcomes: outcomes.concat(parser.end()), bytes: 0 }
}

async function readAhead(steps: AsyncGenerator<Step>): Promise<RowOutcome[]> {
  const pending: RowOutcome[] = []
  let bytes = 0
  while (pending.length < ROWS_AHEAD && (pending.length === 0 || bytes < BYTES_AHEAD)) {
    const next = await steps.next()
    if (next.done === true) break
    for (const outcome of next.value.outcomes) pending.push(outcome)
    bytes += next.value.bytes
  }
  return pending
}

async function* justOutcomes(steps: AsyncGenerator<Step>): AsyncGenerator<RowOutcome[]> {
  for await (const { outcomes } of steps) if (outcomes.length > 0) yield outcomes
}

function noColumns(pending: readonly RowOutcome[]): FilesError {
  const first = pending[0]
  const why = first !== undefined && 'reason' in first ? ` Line ${first.line}: ${first.reason}` : ''
  return new FilesError('NO_COLUMNS', `Expected columns, found none.${why}`)
}

/** Lines that end with a carriage return alone, as on an old Macintosh. */
function hasOldLineEnds(sample: Uint8Array): boolean {
  return sample.includes(0x0d) && !sample.includes(0x0a)
}

function returnsToNewlines(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte === 0x0d ? 0x0a : byte))
}
