// The model that the settings name, fetched first if it is one of the Hub; what a person should know is told.
import { createHubClient, type HubProgress, type ModelFolder, resolveModel } from '@renown/models/serving'
import { formatBytes } from './format/numbers.ts'
import { type Io, note } from './io.ts'
import { createMeter, type Meter } from './progress.ts'

/** Throws what `resolveModel` throws. */
export async function openNamedModel(
  io: Io,
  { model, home, signal }: { readonly model: string; readonly home: string; readonly signal?: AbortSignal },
): Promise<ModelFolder> {
  let meter: Promise<Meter> | null = null
  const notify = (message: string): void => {
    if (meter === null) note(io, message)
    else void meter.then((shown) => shown.say(message))
  }
  const hub = createHubClient({ env: io.env, notify })
  const onProgress = (progress: HubProgress): void => {
    meter ??= createMeter(io, 'Fetching')
    void meter.then((shown) => shown.update(progress.bytes / progress.total, () => describe(progress)))
  }
  try {
    return await resolveModel(model, { home, hub, onProgress, ...(signal === undefined ? {} : { signal }) })
  } finally {
    const shown = await (meter as Promise<Meter> | null)
    shown?.stop()
  }
}

function describe({ path, bytes, total }: HubProgress): string {
  return `${formatBytes(bytes)} of ${formatBytes(total)}, ${path}`
}
