// One scrape: reads what has no event of its own, and renders everything as the one who scrapes wants it.
import { Gauge, type Registry } from 'prom-client'
import type { SentimentEngine } from '../ports.ts'
import type { DriftMetrics } from './drift-metrics.ts'
import type { EngineMetrics } from './engine-metrics.ts'
import { chooseFormat, FORMATS, renderRegistry } from './exposition.ts'
import type { ProcessMetrics } from './process-metrics.ts'
import type { RegistryMetrics } from './registry-metrics.ts'

export interface Scrape {
  readonly contentType: string
  readonly text: string
}

/** `accept`: the header of the request. */
export type Scraper = (accept: string | undefined) => Promise<Scrape>

export interface ScraperOptions {
  readonly registry: Registry
  readonly engineMetrics: EngineMetrics
  readonly processMetrics: ProcessMetrics
  readonly registryMetrics: RegistryMetrics
  readonly driftMetrics: DriftMetrics
  /** The engine that serves, or null while none does. */
  readonly engine: () => SentimentEngine | null
}

export function createScraper(options: ScraperOptions): Scraper {
  const { registry, engineMetrics, processMetrics, registryMetrics, driftMetrics } = options
  const took = new Gauge({
    name: 'renown_metrics_scrape_seconds',
    help: 'Time that the scrape before this one took.',
    registers: [registry],
  })
  return async (accept) => {
    const started = performance.now()
    engineMetrics.refresh(options.engine())
    processMetrics.refresh()
    driftMetrics.refresh()
    await registryMetrics.refresh()
    const format = chooseFormat(accept)
    const text = await renderRegistry(registry, format)
    took.set((performance.now() - started) / 1000)
    return { contentType: FORMATS[format], text }
  }
}
