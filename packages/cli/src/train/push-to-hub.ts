// Publishing at the end of a training: checked before it begins, done when the model stands.
import { checkPublishing, createHubClient, type ModelFolder, type PublishPlace } from '@renown/models'
import { CliError } from '../errors.ts'
import { note } from '../io.ts'
import { describePublication } from '../publish/describe-publication.ts'
import { publishFolder } from '../publish/publish-folder.ts'
import type { PreparedRun } from './prepare-run.ts'
import type { TrainSession } from './train-session.ts'

/**
 * What would only be refused after the training otherwise; null where nothing is pushed. Throws USAGE_INVALID, and what
 * `checkPublishing` throws.
 */
export async function checkPush(
  { io, plan, signal }: TrainSession,
  { base }: PreparedRun,
): Promise<PublishPlace | null> {
  const { push, license } = plan.request
  if (push === null) return null
  if ((license ?? base.description.license ?? 'unknown') === 'unknown') {
    throw new CliError('USAGE_INVALID', "--push-to-hub: the base's licence is unknown: name the model's with --license")
  }
  const owner = io.env.HF_USERNAME
  return await checkPublishing({
    to: push.to,
    private: push.isPrivate,
    hub: createHubClient({ env: io.env }),
    ...(owner === undefined ? {} : { owner }),
    signal,
  })
}

/**
 * Publishes the finished model and says where. A model that was judged replaces the one that it was compared with, and no
 * other. Throws what `publishModel` throws.
 */
export async function pushModel(
  { io, plan, signal, quiet }: TrainSession,
  folder: ModelFolder,
  target: PublishPlace,
): Promise<string> {
  const { push, gate } = plan.request
  const options = { to: target.name, private: push?.isPrivate === true, signal, isQuiet: quiet }
  const expect = gate === null ? {} : { expect: target.commit }
  try {
    const publication = await publishFolder(io, folder, { ...options, ...expect })
    return `\n${describePublication(publication, { isDry: false })}\n`
  } catch (error) {
    note(io, `The model stands. Publish it with: renown publish ${folder.path} --to ${target.name}`)
    throw error
  }
}
