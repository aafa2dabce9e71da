// Publishing at the end of a training: checked before it begins, done when the model stands.
import { checkPublishing, createHubClient, openModelFolder } from '@renown/models'
import { CliError } from '../errors.ts'
import { note } from '../io.ts'
import { describePublication } from '../publish/describe-publication.ts'
import { publishFolder } from '../publish/publish-folder.ts'
import type { PreparedRun } from './prepare-run.ts'
import type { TrainSession } from './train-session.ts'

/** What would only be refused after the training otherwise. Throws USAGE_INVALID, and what `checkPublishing` throws. */
export async function checkPush({ io, plan, signal }: TrainSession, { base }: PreparedRun): Promise<void> {
  const { push, license } = plan.request
  if (push === null) return
  if ((license ?? base.description.license ?? 'unknown') === 'unknown') {
    throw new CliError('USAGE_INVALID', "--push-to-hub: the base's licence is unknown: name the model's with --license")
  }
  const owner = io.env.HF_USERNAME
  await checkPublishing({
    to: push.to,
    private: push.isPrivate,
    hub: createHubClient({ env: io.env }),
    ...(owner === undefined ? {} : { owner }),
    signal,
  })
}

/** Publishes the model folder, if that was asked for, and says where. Throws what `publishModel` throws. */
export async function pushModel({ io, plan, signal, quiet }: TrainSession, path: string): Promise<string> {
  const { push } = plan.request
  if (push === null) return ''
  const options = { to: push.to, private: push.isPrivate, signal, isQuiet: quiet }
  try {
    const publication = await publishFolder(io, await openModelFolder(path), options)
    return `\n${describePublication(publication, { isDry: false })}\n`
  } catch (error) {
    note(io, `The model stands. Publish it with: renown publish ${path} --to ${push.to}`)
    throw error
  }
}
