// From the best weights of a training run to a model folder that says where it comes from and how good it is.
import { resolve } from 'node:path'
import { recordAnswers } from '../answers/record-answers.ts'
import { describeModel, outputName, writeDescription } from '../export-model-folder.ts'
import { hashRecords } from '../hash-file.ts'
import { type ModelManifest, parseManifest, type TrainingRecord } from '../manifest.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { type StoredProfile, writeProfile } from '../profile/profile-file.ts'
import { writeModelFiles } from '../write-model-files.ts'
import { writeWholeFolder } from '../write-whole-folder.ts'
import { checkFinish } from './check-finish.ts'
import { readCodeCommit } from './code-commit.ts'
import { readCurve } from './curve.ts'
import { describeMachine } from './describe-machine.ts'
import type { FinishedModel, FinishOptions, SplitEvaluation } from './finish-types.ts'
import { evaluationRecord, measureFiles } from './measure-files.ts'

/**
 * Makes the ONNX files, fits the temperature on the validation split, measures the served files on every split, and
 * writes renown.json and the card. The output is whole or absent. Throws EXPORT_REFUSED (output not empty, or around the
 * source), EVALUATION_REFUSED (posts and classes that don't belong together), EXPORT_FAILED (disk full and the like),
 * the learning core's errors on a source that it can't read, and the signal's reason.
 */
export async function finishTrainedModel(options: FinishOptions): Promise<FinishedModel> {
  const source = await openModelFolder(options.source, { verify: false })
  await checkFinish(source, options)
  const { output, signal } = options
  const finished = await writeWholeFolder(output, options, async (folder) => {
    const files = await writeModelFiles(source.path, folder, {
      weights: true,
      ...(options.licenseFile === undefined ? {} : { licenseFile: options.licenseFile }),
      ...(signal === undefined ? {} : { signal }),
      onStep: (step) => options.onProgress?.(`Writing ${step}`, 0),
    })
    const draft = await describeModel(source.manifest, folder, files, {
      name: options.name ?? outputName(output),
      ...(options.version === undefined ? {} : { version: options.version }),
      ...(options.created === undefined ? {} : { created: options.created }),
      parent: options.lineage.parent,
      license: options.license ?? 'unknown',
      base: options.lineage.base,
      preparation: options.preparation,
      temperature: 1,
      training: await describeTraining(options),
    })
    const measured = await measureFiles({ path: folder, manifest: draft }, options)
    const complete = completeManifest(draft, measured)
    const answers = await recordAnswers(
      { path: folder, manifest: complete },
      { ...(signal === undefined ? {} : { signal }), onStep: (step) => options.onProgress?.(`Recording ${step}`, 0) },
    )
    const manifest = { ...complete, answers, ...(await keepProfile(folder, measured.profile)) }
    await writeDescription(folder, manifest)
    return { manifest, ...measured }
  })
  return { path: resolve(output), hash: hashRecords(finished.manifest.files), ...finished }
}

async function keepProfile(folder: string, profile: StoredProfile | null): Promise<Pick<ModelManifest, 'profile'>> {
  return profile === null ? {} : { profile: await writeProfile(folder, profile) }
}

async function describeTraining({ lineage, logHistory }: FinishOptions): Promise<TrainingRecord> {
  const commit = await readCodeCommit()
  const curve = readCurve(logHistory ?? [])
  return {
    data: lineage.data,
    recipe: lineage.recipe,
    trainer: lineage.trainer,
    ...(commit === null ? {} : { commit }),
    seconds: Math.round(lineage.seconds),
    machine: describeMachine(lineage.threads),
    ...(curve.length === 0 ? {} : { curve }),
    ...(lineage.notes === undefined ? {} : { notes: lineage.notes }),
  }
}

function completeManifest(
  draft: ModelManifest,
  { temperature, evaluations }: { temperature: FinishedModel['temperature']; evaluations: readonly SplitEvaluation[] },
): ModelManifest {
  return parseManifest({
    ...draft,
    temperature: temperature.value,
    temperatureFit: temperature,
    evaluations: evaluations.map((measured) => evaluationRecord(measured, draft)),
  })
}
