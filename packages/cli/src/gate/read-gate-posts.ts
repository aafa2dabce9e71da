// The labelled posts of a gate: read, matched with the candidate's labels, and where each is from.
import { cellText, isRejectedRow, openRows } from '@renown/files'
import type { GatePosts, ModelFolder } from '@renown/models'
import { CliError } from '../errors.ts'
import { nameDataSet } from '../evaluate/name-data-set.ts'
import { formatCount } from '../format/numbers.ts'
import { classifySplit } from '../labelled/classify-split.ts'
import { countRejected } from '../labelled/labelled-data-set.ts'
import { checkUnknown, createLabelMatcher, parseLabelMap } from '../labelled/match-labels.ts'
import { readSplit } from '../labelled/read-split.ts'
import { checkColumn } from '../predict/choose-columns.ts'
import { checkLabelMeaning, type LabelledModel } from './check-label-meaning.ts'

export interface GateDataFlags {
  readonly data: string
  readonly textColumn?: string
  readonly labelColumn?: string
  readonly labelMap?: string
  readonly skipUnknown?: boolean
  readonly sourceColumn?: string
  readonly dataSet?: string
  readonly split?: string
}

export interface GatePostsOptions {
  readonly references: readonly LabelledModel[]
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Throws what reading and matching throw. */
export async function readGatePosts(
  candidate: ModelFolder,
  flags: GateDataFlags,
  { references, say, signal }: GatePostsOptions,
): Promise<GatePosts> {
  const { labels } = candidate.manifest
  const map = flags.labelMap === undefined ? new Map() : parseLabelMap(flags.labelMap)
  const split = await readSplit([flags.data], { ...flags, signal })
  const names = split.labelNames ?? undefined
  checkLabelMeaning(split.labels, { role: 'candidate', labels }, references, map, names)
  const posts = classifySplit(split, createLabelMatcher(labels, map, names))
  const rejected = countRejected(posts.rejected)
  if (rejected > 0) say(`${formatCount(rejected)} rows without a usable text are left out`)
  const skip = flags.skipUnknown === true
  const unknown = checkUnknown(posts.unknown, labels, { skip, left: posts.texts.length })
  if (unknown !== null) say(unknown)
  const sources = await readSources(flags.data, flags.sourceColumn)
  return {
    ...nameDataSet(flags.data),
    ...(flags.dataSet === undefined ? {} : { dataSet: flags.dataSet }),
    ...(flags.split === undefined ? {} : { split: flags.split }),
    sha256: posts.sha256,
    texts: posts.texts,
    classes: posts.classes,
    ...(sources === null ? {} : { sources: posts.rows.map((row) => sources.get(row) ?? '') }),
  }
}

const SOURCE_COLUMN = 'source'

/** What the column of sources says, by the place of each row; null where there is none. */
async function readSources(path: string, wanted: string | undefined): Promise<ReadonlyMap<number, string> | null> {
  const source = await openRows(path)
  try {
    if (wanted !== undefined) checkColumn(path, source.columns, wanted, '--source-column')
    const column = wanted ?? SOURCE_COLUMN
    if (!source.columns.includes(column)) return null
    const found = new Map<number, string>()
    for await (const row of source.rows({})) {
      if (!isRejectedRow(row)) found.set(row.line, (cellText(row.values[column]) ?? '').trim())
    }
    return found
  } finally {
    await source.close()
  }
}

/** The texts of training files; their labels don't matter. */
export async function readTrainingTexts(
  paths: readonly string[],
  { textColumn, signal }: { readonly textColumn?: string; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const split = await readSplit(paths, { ...(textColumn === undefined ? {} : { textColumn }), signal })
  if (split.texts.length > 0) return split.texts
  throw new CliError('DATA_EMPTY', `${paths.join(', ')}: expected training posts, got none`)
}
