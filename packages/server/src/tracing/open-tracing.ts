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
  readonly config: Pick<Config, 'tracesEndpoint' | 'tracesHeadersFile' | 'tracesRatio' | 'otel'>
  readonly metrics: TraceMetrics
  readonly logger: Logger
}

/** Throws SETTING_INVALID where the file of headers can't be used. */
export function openTracing({ config, metrics, logger }: OpenTracingOptions): OpenTracing {
  const { tracesHeadersFile: file, otel } = config
  for (const warning of otel.warnings) logger.warn(warning)
  const exporter = createSpanExporter({
    url: config.tracesEndpoint,
    headers: file === 'none' ? otel.headers : readTraceHeaders(file),
    resource: {
      'service.name': 'renown',
      'service.version': readVersion(),
      'service.instance.id': randomUUID(),
      'host.name': hostname(),
      'process.pid': process.pid,
      ...otel.resource,
    },
    count: metrics.spans,
    onTrouble: (reason) => logger.warn({ reason }, 'traces are lost'),
  })
  const { followsParent } = otel
  return { ...createTracing({ emit: exporter.add, ratio: config.tracesRatio, followsParent }), close: exporter.close }
}
