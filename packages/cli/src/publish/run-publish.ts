// `renown publish`: from a model to a repository on the Hub.
import { checkOwnReport } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, writeAll } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { readModelSettings } from '../settings.ts'
import { watchInterruption } from '../signals.ts'
import { describePublication } from './describe-publication.ts'
import { notePublication } from './note-publication.ts'
import { publishFolder } from './publish-folder.ts'

export interface PublishFlags {
  readonly to: string
  readonly private?: boolean
  /** False for none. */
  readonly tag?: string | false
  readonly message?: string
  readonly expect?: string
  readonly dryRun?: boolean
  readonly withoutGate?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
  readonly home?: string
  readonly config?: string
}

export async function runPublish(io: Io, model: string, flags: PublishFlags): Promise<number> {
  const { home } = await readModelSettings(io, { model, ...pickSettings(flags) })
  const interruption = watchInterruption()
  const { signal } = interruption
  try {
    const folder = await openNamedModel(io, { model, home, signal })
    if (flags.withoutGate !== true) await checkOwnReport(folder)
    const { tag, dryRun = false } = flags
    const publication = await publishFolder(io, folder, {
      to: flags.to,
      private: flags.private === true,
      ...(typeof tag === 'string' ? { tag } : {}),
      ...(tag === false ? { tag: null } : {}),
      ...(flags.message === undefined ? {} : { message: flags.message }),
      ...(flags.expect === undefined ? {} : { expect: flags.expect === 'none' ? null : flags.expect }),
      dryRun,
      signal,
      isQuiet: flags.quiet === true,
    })
    if (!dryRun) await notePublication(io, { home, folder, publication, message: flags.message })
    const text =
      flags.json === true ? JSON.stringify(publication, null, 2) : describePublication(publication, { isDry: dryRun })
    await writeAll(io.stdout, `${text}\n`)
    return EXIT_OK
  } catch (error) {
    if (!signal.aborted) throw error
    throw new CliError('INTERRUPTED', 'stopped: publish again to go on; what has arrived is not sent twice', {
      cause: error,
    })
  } finally {
    interruption.dispose()
  }
}

function pickSettings({ home, config }: PublishFlags): { readonly home?: string; readonly config?: string } {
  return { ...(home === undefined ? {} : { home }), ...(config === undefined ? {} : { config }) }
}
