// Opens what is to be scored: texts, lines from a terminal or pipe, files.
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type FileFormat, FilesError, openRows, openRowsFromStream, type RowSource } from '@renown/files'
import { CliError } from '../errors.ts'
import { type ColumnChoice, type Columns, chooseColumns } from './choose-columns.ts'
import { type InputItem, isReject } from './input-row.ts'
import type { InputFormat, PredictInput } from './plan-predict.ts'
import { readLines } from './read-lines.ts'
import { readSource } from './read-source.ts'
import { resembledFormat } from './resembles-table.ts'

export interface Input {
  /** Of all files together, in the order they appear. */
  readonly columns: readonly string[]
  /** What was taken for text and date, for each file. */
  readonly chosen: readonly { readonly name: string; readonly columns: Columns }[]
  readonly chunks: AsyncIterable<readonly InputItem[]>
  /** How much of the input has been read, where its size is known. */
  progress(): { readonly bytes: number; readonly total: number | null }
  close(): Promise<void>
}

/**
 * `warn` hears where lines of standard input look like a table.
 * Throws COLUMN_NOT_FOUND, INPUT_NOT_FOUND, and the errors of `@renown/files` on what isn't a file of rows.
 */
export async function openInput(
  input: PredictInput,
  stdin: Readable,
  choice: ColumnChoice,
  warn: (text: string) => void,
): Promise<Input> {
  if (input.kind === 'texts') return openTexts(input.texts)
  if (input.kind === 'files') return await openFiles(input.paths, input.format, choice)
  if (input.format === 'lines') return openLines(stdin, warn)
  const source = await openRowsFromStream(stdin, { format: input.format })
  return gatherSources([{ name: 'standard input', source }], choice)
}

function openTexts(texts: readonly string[]): Input {
  const items = texts.map((text, index): InputItem => {
    const line = index + 1
    if (text.trim() === '') return { file: null, line, code: 'TEXT_EMPTY', reason: `argument ${line} is empty` }
    return { file: null, line, text, date: null, values: { text } }
  })
  return openChunks(
    (async function* () {
      yield items
    })(),
  )
}

function openLines(stdin: Readable, warn: (text: string) => void): Input {
  return { ...openChunks(warnOfTable(readLines(stdin), warn)), close: async () => void stdin.destroy() }
}

async function* warnOfTable(
  chunks: AsyncIterable<readonly InputItem[]>,
  warn: (text: string) => void,
): AsyncGenerator<readonly InputItem[]> {
  let isFirst = true
  for await (const chunk of chunks) {
    const [first] = isFirst ? chunk : []
    isFirst = false
    const format = first === undefined || isReject(first) ? null : resembledFormat(first.text)
    if (format !== null)
      warn(`Each line is scored as a text, and the first looks like ${format}: --format ${format} reads columns`)
    yield chunk
  }
}

function openChunks(chunks: AsyncIterable<readonly InputItem[]>): Input {
  return {
    columns: ['text'],
    chosen: [],
    chunks,
    progress: () => ({ bytes: 0, total: null }),
    close: async () => {},
  }
}

interface NamedSource {
  readonly name: string
  readonly source: RowSource
}

async function openFiles(paths: readonly string[], format: InputFormat | null, choice: ColumnChoice): Promise<Input> {
  const sources: NamedSource[] = []
  try {
    for (const path of paths) sources.push({ name: path, source: await openFile(path, format) })
    return gatherSources(sources, choice)
  } catch (error) {
    await closeAll(sources)
    throw error
  }
}

async function openFile(path: string, format: InputFormat | null): Promise<RowSource> {
  const isFolder = await stat(path).then((info) => info.isDirectory())
  if (isFolder) throw new CliError('INPUT_NOT_FOUND', `"${path}" is a folder: expected files`)
  if (format === null) return await openRows(path)
  try {
    return await openRows(path, { format: toFileFormat(format) })
  } catch (error) {
    if (!(error instanceof FilesError)) throw error
    const hint = `It was read as ${format}, as --format says; --to is the format of the output.`
    throw new FilesError(error.code, `${error.message} ${hint}`, { cause: error })
  }
}

export function toFileFormat(format: InputFormat): FileFormat {
  return format === 'lines' ? 'txt' : format
}

function gatherSources(sources: readonly NamedSource[], choice: ColumnChoice): Input {
  const chosen = sources.map(({ name, source }) => ({ name, columns: chooseColumns(name, source, choice) }))
  const showFile = sources.length > 1
  const columns = new Set(sources.flatMap(({ source }) => source.columns))
  return {
    columns: [...columns],
    chosen,
    chunks: (async function* () {
      for (const [index, { name, source }] of sources.entries()) {
        yield* readSource(source, (chosen[index] as { columns: Columns }).columns, showFile ? name : null)
      }
    })(),
    progress: () => sumProgress(sources),
    close: () => closeAll(sources),
  }
}

function sumProgress(sources: readonly NamedSource[]): { bytes: number; total: number | null } {
  let bytes = 0
  let total: number | null = 0
  for (const { source } of sources) {
    bytes += source.bytesRead()
    total = total === null || source.bytesTotal === null ? null : total + source.bytesTotal
  }
  return { bytes, total }
}

async function closeAll(sources: readonly NamedSource[]): Promise<void> {
  await Promise.all(sources.map(({ source }) => source.close()))
}
