// Publishes an opened model with the settings of the environment, and shows how far it is.
import {
  createHubClient,
  type HubProgress,
  type ModelFolder,
  type Publication,
  type PublishOptions,
  publishModel,
} from '@renown/models'
import { formatBytes } from '../format/numbers.ts'
import type { Io } from '../io.ts'
import { createMeter } from '../progress.ts'

export interface FolderOptions extends Omit<PublishOptions, 'hub' | 'owner' | 'onProgress'> {
  readonly isQuiet: boolean
}

/** The folder must have been opened with its hashes compared. Throws what `publishModel` throws. */
export async function publishFolder(io: Io, folder: ModelFolder, options: FolderOptions): Promise<Publication> {
  const meter = options.isQuiet ? null : await createMeter(io, 'Publishing')
  const notify = (message: string): void => meter?.say(message)
  const owner = io.env.HF_USERNAME
  try {
    return await publishModel(folder, {
      ...options,
      hub: createHubClient({ env: io.env, notify }),
      ...(owner === undefined ? {} : { owner }),
      onProgress: (progress) => meter?.update(progress.bytes / progress.total, () => describeProgress(progress)),
    })
  } finally {
    meter?.stop()
  }
}

function describeProgress({ path, bytes, total }: HubProgress): string {
  return `${formatBytes(bytes)} of ${formatBytes(total)}, ${path}`
}
