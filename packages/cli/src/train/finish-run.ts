// From the trained weights to a finished model folder, in the folder that holds the checkpoints.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { lockOutput, type TrainableModel, type TrainResult } from '@renown/ml'
import {
  type Comparison,
  type FinishedModel,
  finishTrainedModel,
  type LabelledSplit,
  MANIFEST_FILE,
  writeTrainingReport,
} from '@renown/models'
import { createMeter } from '../progress.ts'
import { readVersion } from '../version.ts'
import { compareBase } from './compare-base.ts'
import { describeRecipe } from './describe-recipe.ts'
import { describeSplit, type LoadedSplit } from './load-data.ts'
import { workFolder } from './output-folder.ts'
import type { PreparedRun } from './prepare-run.ts'
import { readModelFiles } from './read-model-files.ts'
import { tabulateData } from './tabulate-data.ts'
import type { TrainSession } from './train-session.ts'

/**
 * Makes the model in the work folder and moves it into the output, renown.json last: a folder without it isn't finished,
 * and finishing may begin anew. Throws what `finishTrainedModel` throws.
 */
export async function finishRun(
  session: TrainSession,
  run: PreparedRun,
  model: TrainableModel,
  result: TrainResult,
): Promise<FinishedModel> {
  const output = resolve(session.plan.request.output ?? '')
  const lock = await lockOutput(output)
  try {
    const work = workFolder(output)
    const source = join(work, 'weights')
    await writeSource(source, run, model)
    await model.release()
    const finished = await makeModel(session, run, result, source, join(work, 'model'))
    await writeReport(session, run, result, finished, await compareBase(session, run))
    await moveInto(output, finished.path)
    await rm(work, { recursive: true, force: true })
    await removeKept(session, result)
    return { ...finished, path: output }
  } finally {
    await lock.release()
  }
}

/** The checkpoint that nobody wanted: it was there so that finishing could begin anew. */
async function removeKept({ plan }: TrainSession, { checkpoint, best }: TrainResult): Promise<void> {
  const { saveStrategy } = plan.settings
  const isUnwanted = saveStrategy === 'no' || (saveStrategy === 'best' && best?.checkpoint !== checkpoint)
  if (isUnwanted && checkpoint !== null) await rm(checkpoint, { recursive: true, force: true })
}

async function writeSource(folder: string, run: PreparedRun, model: TrainableModel): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [name, content] of Object.entries(await readModelFiles(run, model))) {
    await writeFile(join(folder, name), content)
  }
  await model.saveWeights(join(folder, 'model.safetensors'))
}

async function makeModel(
  { io, plan, signal, quiet }: TrainSession,
  run: PreparedRun,
  result: TrainResult,
  source: string,
  output: string,
): Promise<FinishedModel> {
  const { request } = plan
  const license = request.license ?? run.base.description.license
  const meter = quiet ? null : await createMeter(io, 'Finishing')
  await rm(output, { recursive: true, force: true })
  try {
    return await finishTrainedModel({
      source,
      output,
      name: request.name ?? basename(resolve(request.output ?? '')),
      ...(license === null ? {} : { license }),
      preparation: run.base.preparation,
      validation: toFinishSplit(run.data.validation, 'validation'),
      ...(run.data.test === null ? {} : { test: toFinishSplit(run.data.test, 'test') }),
      lineage: describeLineage(plan, run, result),
      logHistory: result.log,
      threads: run.threads,
      signal,
      onProgress: (step, share) => meter?.update(share, () => step),
    })
  } finally {
    meter?.stop()
  }
}

async function writeReport(
  { plan }: TrainSession,
  { data }: PreparedRun,
  { log, best, weights }: TrainResult,
  { manifest, evaluations, path }: FinishedModel,
  before: Comparison | null,
): Promise<void> {
  await writeTrainingReport(join(path, 'report.html'), {
    manifest,
    evaluations,
    logHistory: log,
    ...(weights === 'best' && best !== null ? { bestStep: best.step } : {}),
    ...(before === null ? {} : { before }),
    dataTables: tabulateData(data.report),
    includeTexts: plan.request.reportTexts,
  })
}

function toFinishSplit({ rows, name, splitName, config, revision, sha256 }: LoadedSplit, split: string): LabelledSplit {
  return {
    dataSet: name,
    ...(config === null ? {} : { config }),
    ...(revision === null ? {} : { revision }),
    split: splitName === 'all' ? split : splitName,
    sha256,
    texts: rows.map(({ text }) => text),
    classes: rows.map(({ label }) => label),
    rows: rows.map(({ place }) => place.row),
  }
}

function describeLineage(
  plan: TrainSession['plan'],
  { base, data, threads }: PreparedRun,
  result: TrainResult,
): Parameters<typeof finishTrainedModel>[0]['lineage'] {
  return {
    base: base.description.base,
    parent: base.description.parent,
    data: [
      ...data.train.map((split) => describeSplit(split, 'train')),
      ...data.unlabelled.map((split) => describeSplit(split, 'unlabelled')),
      describeSplit(data.validation, 'validation'),
    ],
    recipe: describeRecipe(plan, plan.request.data.holdOut),
    trainer: `Renown ${readVersion()}`,
    seconds: result.seconds,
    threads,
  }
}

/** File by file, so that what an earlier attempt left is replaced. */
async function moveInto(output: string, model: string): Promise<void> {
  const names = await readdir(model, { withFileTypes: true })
  const last = names.filter(({ name }) => name !== MANIFEST_FILE)
  for (const entry of last) {
    if (entry.isDirectory()) await moveFolder(join(model, entry.name), join(output, entry.name))
    else await rename(join(model, entry.name), join(output, entry.name))
  }
  await rename(join(model, MANIFEST_FILE), join(output, MANIFEST_FILE))
}

async function moveFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) await rename(join(from, name), join(to, name))
}
