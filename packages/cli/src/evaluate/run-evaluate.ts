// `renown evaluate`: scores labelled posts, says how well, and records it if asked to.
import { availableParallelism } from 'node:os'
import type { Evaluation } from '@renown/ml'
import {
  evaluatePosts,
  isVersionFolder,
  type MeasuredFile,
  type ModelFolder,
  makeProfile,
  type PostLogits,
  type ProfiledPosts,
  recordEvaluation,
  scorePosts,
  toRecord,
} from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { formatCount } from '../format/numbers.ts'
import { type Io, note, writeAll } from '../io.ts'
import { type ClassifiedSplit, classifySplit } from '../labelled/classify-split.ts'
import { countRejected } from '../labelled/labelled-data-set.ts'
import { checkUnknown, createLabelMatcher, parseLabelMap } from '../labelled/match-labels.ts'
import { readSplit } from '../labelled/read-split.ts'
import { openNamedModel } from '../open-named-model.ts'
import { createProgress, NO_PROGRESS } from '../progress.ts'
import { type ModelFlags, readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'
import { describeEvaluation } from './describe-evaluation.ts'
import { nameDataSet } from './name-data-set.ts'

export interface EvaluateFlags extends ModelFlags {
  readonly data: string
  readonly file?: string
  readonly textColumn?: string
  readonly labelColumn?: string
  readonly labelMap?: string
  readonly skipUnknown?: boolean
  readonly dataSet?: string
  readonly split?: string
  readonly seed?: number
  readonly resamples?: number
  readonly record?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

export async function runEvaluate(io: Io, reference: string | undefined, flags: EvaluateFlags): Promise<number> {
  const settings = await readModelSettings(io, { ...flags, ...(reference === undefined ? {} : { model: reference }) })
  const folder = await openNamedModel(io, settings)
  if (flags.record === true) checkRecordable(folder)
  const { labels } = folder.manifest
  const map = flags.labelMap === undefined ? new Map() : parseLabelMap(flags.labelMap)
  const split = await readSplit([flags.data], flags)
  const posts = classifySplit(split, createLabelMatcher(labels, map, split.labelNames ?? undefined))
  checkLabels(io, posts, labels, flags)
  const scored = await score(io, folder, posts, settings.engine, flags)
  const { evaluation, untempered, probabilities } = evaluatePosts(scored.logits, posts.classes, labels, {
    temperature: folder.manifest.temperature,
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.resamples === undefined ? {} : { resamples: flags.resamples }),
  })
  const measured = {
    ...nameDataSet(flags.data),
    ...chosenNames(flags),
    file: scored.file,
    encoding: scored.encoding,
    evaluation,
    eceBefore: untempered.ece,
    sha256: posts.sha256,
    date: new Date(),
  }
  await writeAll(io.stdout, flags.json === true ? renderJson(folder, measured) : renderText(folder, posts, measured))
  if (flags.record === true) await record(io, folder, measured, { ...posts, probabilities })
  return EXIT_OK
}

/** Before anything is computed. */
function checkRecordable({ path, derived }: ModelFolder): void {
  if (derived) {
    throw new CliError(
      'USAGE_INVALID',
      `--record: "${path}" has no renown.json; make a model folder with renown export`,
    )
  }
  if (isVersionFolder(path)) {
    throw new CliError(
      'USAGE_INVALID',
      `--record: "${path}" is a version of the registry, which never changes; evaluate the folder that it was added from`,
    )
  }
}

function chosenNames({ dataSet, split }: EvaluateFlags): { dataSet?: string; split?: string } {
  return { ...(dataSet === undefined ? {} : { dataSet }), ...(split === undefined ? {} : { split }) }
}

function checkLabels(io: Io, posts: ClassifiedSplit, labels: readonly string[], flags: EvaluateFlags): void {
  const rejected = countRejected(posts.rejected)
  if (rejected > 0) note(io, `${formatCount(rejected)} rows without a usable text are left out`)
  const left = posts.texts.length
  const described = checkUnknown(posts.unknown, labels, { skip: flags.skipUnknown === true, left })
  if (described !== null) note(io, described)
}

async function score(
  io: Io,
  folder: ModelFolder,
  posts: ClassifiedSplit,
  engine: { readonly threads?: number; readonly encoding?: 'auto' | 'int8' | 'uint8' | 'float32' },
  flags: EvaluateFlags,
): Promise<{ readonly logits: PostLogits; readonly file: string; readonly encoding: string }> {
  const progress = flags.quiet === true ? NO_PROGRESS : await createProgress(io, 'Evaluating')
  const interruption = watchInterruption()
  try {
    return await scorePosts(folder, posts.texts, {
      threads: engine.threads ?? availableParallelism(),
      encoding: engine.encoding ?? 'auto',
      ...(flags.file === undefined ? {} : { file: flags.file }),
      signal: interruption.signal,
      onProgress: (rows, share) => progress.update({ rows, share }),
    })
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    throw new CliError('INTERRUPTED', 'stopped: nothing was recorded', { cause: error })
  } finally {
    interruption.dispose()
    progress.stop()
  }
}

function renderText(folder: ModelFolder, posts: ClassifiedSplit, measured: MeasuredFile): string {
  const { manifest } = folder
  const head = [
    `Model  ${manifest.name} ${manifest.version}, ${measured.file}, weights held as ${measured.encoding}`,
    `Data   ${measured.dataSet}, ${measured.split}: ${formatCount(measured.evaluation.n)} posts (text from "${posts.columns.text}", label from "${posts.columns.label}")`,
  ]
  return `${head.join('\n')}\n\n${describeEvaluation(measured.evaluation, manifest.labels)}\n`
}

function renderJson(folder: ModelFolder, measured: MeasuredFile): string {
  const { name, version } = folder.manifest
  const { evaluation, ...facts } = measured
  const { file, encoding, dataSet, split, sha256 } = facts
  const document: Record<string, unknown> = {
    model: { name, version, hash: folder.hash, file, encoding },
    data: { dataSet, split, sha256 },
    evaluation: evaluation satisfies Evaluation,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

async function record(io: Io, folder: ModelFolder, measured: MeasuredFile, posts: ProfiledPosts): Promise<void> {
  const reference = await makeProfile(folder, posts)
  await recordEvaluation(folder.path, toRecord(measured), reference)
  const profile = reference === null ? '' : ', and what the posts were like in reference-profile.json'
  note(io, `Recorded in ${folder.path}/renown.json and README.md${profile}`)
}
