// The metrics of a training on an address of their own, for as long as it runs.
import { createHostCheck } from '../http/hosts.ts'
import { chooseFormat, FORMATS, renderRegistry } from './exposition.ts'
import { openMetricsListener } from './metrics-listener.ts'
import { createProcessMetrics } from './process-metrics.ts'
import { createTrainingMetrics, type TrainingMetrics, type TrainingRun } from './training-metrics.ts'

export interface TrainingMetricsServer {
  readonly address: string
  readonly metrics: TrainingMetrics
  close(): Promise<void>
}

/** Only this machine is answered. Throws PORT_IN_USE, ADDRESS_UNAVAILABLE. */
export async function openTrainingMetrics(run: TrainingRun, port: number): Promise<TrainingMetricsServer> {
  const metrics = createTrainingMetrics(run)
  const processMetrics = createProcessMetrics(metrics.registry)
  const close = (): void => processMetrics.close()
  const listener = await openMetricsListener({
    host: '127.0.0.1',
    port,
    flag: '--metrics-port',
    answersTo: createHostCheck({ allowed: [], open: false }),
    admits: () => true,
    async scrape(accept) {
      processMetrics.refresh()
      const format = chooseFormat(accept)
      return { contentType: FORMATS[format], text: await renderRegistry(metrics.registry, format) }
    },
  }).catch((error: unknown) => {
    close()
    throw error
  })
  return {
    address: listener.address,
    metrics,
    async close() {
      close()
      await listener.close()
    },
  }
}
