// Traces that go to a collector: loaded only where an endpoint is set.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import type { TraceMetrics } from '../metrics/trace-metrics.ts'
import { readVersion } from '../version.ts'
import { readTraceHeaders } from './read-trace-headers.ts'
import { createSpanExporter } from './span-exporter.ts'
import { createTracing, type Tracing } from './tracing.ts'

export interface OpenTracing extends Tracing {
  /** Sends what waits. */
  close(): Promise<void>
}

export interface OpenTracingOptions {
  readonly config: Pick<Config, 'tracesEndpoint' | 'tracesHeadersFile' | 'tracesRatio'>
  readonly metrics: TraceMetrics
  readonly logger: Logger
}

/** Throws CONFIG_INVALID where the file of headers can't be used. */
export function openTracing({ config, metrics, logger }: OpenTracingOptions): OpenTracing {
  const { tracesHeadersFile: file } = config
  const exporter = createSpanExporter({
    url: config.tracesEndpoint,
    headers: file === 'none' ? {} : readTraceHeaders(file),
    resource: {
      'service.name': 'renown',
      'service.version': readVersion(),
      'service.instance.id': randomUUID(),
      'host.name': hostname(),
      'process.pid': process.pid,
    },
    count: metrics.spans,
    onTrouble: (reason) => logger.warn({ reason }, 'traces are lost'),
  })
  return { ...createTracing({ emit: exporter.add, ratio: config.tracesRatio }), close: exporter.close }
}
