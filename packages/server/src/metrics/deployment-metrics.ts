// What became of the models that the server was to serve, and what the one in shadow says.
import { Gauge, type Registry } from 'prom-client'
import { SeriesCounter } from './series.ts'

const EVENTS = ['swapped', 'rolled_back', 'refused', 'look_failed'] as const
const COMPARISONS = ['agreed', 'disagreed', 'dropped', 'failed'] as const

export type DeploymentEvent = (typeof EVENTS)[number]

export interface DeploymentMetrics {
  happened(event: DeploymentEvent): void
  /** How many versions the server stays off. */
  refusing(count: number): void
  compared(result: (typeof COMPARISONS)[number]): void
}

export function createDeploymentMetrics(registry: Registry): DeploymentMetrics {
  const registers = [registry]
  const events = new SeriesCounter({
    name: 'renown_deployment_events_total',
    help: 'Models that were swapped in, rolled back or refused, and looks at what is followed that failed.',
    labelNames: ['event'],
    registers,
  })
  const refused = new Gauge({
    name: 'renown_deployment_refused_versions',
    help: 'Versions that the server stays off until it is told.',
    registers,
  })
  const shadow = new SeriesCounter({
    name: 'renown_shadow_texts_total',
    help: 'Texts that the challenger read along, by whether it agrees; dropped where it was busy.',
    labelNames: ['result'],
    registers,
  })
  const byEvent = Object.fromEntries(EVENTS.map((event) => [event, events.at({ event })]))
  const byResult = Object.fromEntries(COMPARISONS.map((result) => [result, shadow.at({ result })]))
  return {
    happened: (event) => byEvent[event]?.add(),
    refusing: (count) => refused.set(count),
    compared: (result) => byResult[result]?.add(),
  }
}
