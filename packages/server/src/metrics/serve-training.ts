// The metrics of a training on an address of their own, for as long as it runs.
import { openKeyRing } from '../auth/key-ring.ts'
import { createMetricsGuard } from '../http/metrics-guard.ts'
import { requireCredentials } from '../http/require-credentials.ts'
import { chooseFormat, FORMATS, renderRegistry } from './exposition.ts'
import { openMetricsListener } from './metrics-listener.ts'
import { createProcessMetrics } from './process-metrics.ts'
import { createTrainingMetrics, type TrainingMetrics, type TrainingRun } from './training-metrics.ts'

export interface TrainingMetricsServer {
  readonly address: string
  readonly metrics: TrainingMetrics
  close(): Promise<void>
}

export interface TrainingMetricsAddress {
  readonly host: string
  readonly port: number
  /** The data folder, whose keys let others than this machine in. */
  readonly home: string
}

/** As the metrics port of a server. Throws CREDENTIALS_REQUIRED, PORT_IN_USE, ADDRESS_UNAVAILABLE. */
export async function openTrainingMetrics(
  run: TrainingRun,
  { host, port, home }: TrainingMetricsAddress,
): Promise<TrainingMetricsServer> {
  // Keys that can't be read let nobody in.
  const keys = openKeyRing({ home, now: Date.now, onUnreadable: () => undefined })
  requireCredentials({ hosts: [host], keys, home })
  const metrics = createTrainingMetrics(run)
  const processMetrics = createProcessMetrics(metrics.registry)
  const close = async (): Promise<void> => {
    processMetrics.close()
    await keys.close()
  }
  const listener = await openMetricsListener({
    host,
    port,
    flag: '--metrics-port',
    ...createMetricsGuard({ config: { metricsHost: host, allowedHosts: [] }, keys }),
    async scrape(accept) {
      processMetrics.refresh()
      const format = chooseFormat(accept)
      return { contentType: FORMATS[format], text: await renderRegistry(metrics.registry, format) }
    },
  }).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    address: listener.address,
    metrics,
    async close() {
      await listener.close()
      await close()
    },
  }
}
