// Data sets of the Hugging Face Hub as labelled data: every split of the same commit.
import { createHubClient, type HubDataSet, ModelsError, openHubDataSet } from '@renown/models'
import { readSplit } from '../labelled/read-split.ts'
import type { OpenedSource, SourceColumns, SourceContext } from './open-sources.ts'

export interface ReadHubOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Null for a split that isn't there; throws what `openHubDataSet` and `readSplit` throw otherwise. */
export function readHub({ env, signal, say }: ReadHubOptions): SourceContext['readHub'] {
  const hub = createHubClient({ env, notify: say })
  const commits = new Map<string, string>()
  return async (place, columns) => {
    const key = JSON.stringify([place.name, place.revision])
    const revision = commits.get(key) ?? place.revision
    const opened = await openHubDataSet(place.name, {
      hub,
      signal,
      splits: [place.split],
      ...(place.config === null ? {} : { config: place.config }),
      ...(revision === null ? {} : { revision }),
    }).catch(nullWithoutSplit)
    if (opened === null) return null
    commits.set(key, opened.revision)
    return await readOpened(opened, place.split, columns, signal)
  }
}

function nullWithoutSplit(error: unknown): null {
  if (error instanceof ModelsError && error.code === 'DATASET_SPLIT_UNKNOWN') return null
  throw error
}

async function readOpened(
  { name, config, revision, splits, labels, textColumns, labelColumns }: HubDataSet,
  splitName: string,
  asked: SourceColumns,
  signal: AbortSignal,
): Promise<OpenedSource> {
  const [text] = textColumns
  const [label] = labelColumns
  const columns = {
    ...(text === undefined ? {} : { textColumn: text }),
    ...(label === undefined ? {} : { labelColumn: label }),
    ...asked,
  }
  const files = splits.flatMap((split) => split.files)
  const split = await readSplit(files, { ...columns, signal })
  return {
    split,
    labels: columns.labelColumn === label ? labels : null,
    name,
    splitName,
    config: config === ONLY_CONFIG ? null : config,
    revision,
  }
}

/** What the Hub calls the configuration of a data set that has one and doesn't name it. */
const ONLY_CONFIG = 'default'
