// Notes in the registry of the data folder that a version is on the Hub, for its history and for metrics.
import { type ModelFolder, openRegistry, type Publication, type Registry } from '@renown/models'
import { type Io, note } from '../io.ts'
import { signedBy } from '../models/open-registry.ts'

export interface PublicationNote {
  readonly home: string
  readonly folder: ModelFolder
  readonly publication: Publication
  readonly message: string | undefined
}

/** A folder that is no version is noted nowhere. What is published stays so, whatever the registry says: trouble is a warning. */
export async function notePublication(io: Io, { home, folder, publication, message }: PublicationNote): Promise<void> {
  const { name: repository, commit, tag } = publication
  try {
    const registry = openRegistry(home)
    const version = await findVersion(registry, folder)
    if (version === null || commit === null) return
    const by = signedBy(io, message === undefined ? {} : { reason: message }, `published as ${repository}`)
    await registry.notePublished({ version, repository, commit, tag }, by)
  } catch (error) {
    note(io, `Published, but the registry of ${home} couldn't note it: ${(error as Error).message}`)
  }
}

/** The version that the folder is, or the newest one that gives its answers. */
async function findVersion(registry: Registry, folder: ModelFolder): Promise<string | null> {
  const versions = await registry.list()
  const itself = versions.find(({ path }) => path === folder.path)
  return (itself ?? versions.findLast(({ hash }) => hash === folder.hash))?.version ?? null
}
