// Which model serves, and what loading models took.
import { Gauge, type Registry } from 'prom-client'
import type { EngineModel } from '../ports.ts'
import { toLabelValue } from './label-value.ts'
import { SeriesCounter } from './series.ts'

const RESULTS = ['loaded', 'refused', 'failed'] as const

/** Refused: something is wrong with the model. Failed: the network, the disk or the system was the trouble. */
export type LoadTrouble = Exclude<(typeof RESULTS)[number], 'loaded'>

export interface ModelMetrics {
  loaded(ms: number): void
  notLoaded(trouble: LoadTrouble): void
  serves(model: Pick<EngineModel, 'name' | 'version' | 'hash' | 'encoding' | 'file'>): void
}

export function createModelMetrics(registry: Registry): ModelMetrics {
  const registers = [registry]
  const info = new Gauge({
    name: 'renown_model_info',
    help: 'The model that serves; always 1.',
    labelNames: ['name', 'version', 'hash', 'encoding', 'file'],
    registers,
  })
  const loads = new SeriesCounter({
    name: 'renown_model_loads_total',
    help: 'Models that were to serve, by whether they were loaded, refused, or something else failed.',
    labelNames: ['result'],
    registers,
  })
  const byResult = Object.fromEntries(RESULTS.map((result) => [result, loads.at({ result })]))
  const seconds = new Gauge({ name: 'renown_model_load_seconds', help: 'Time that the last load took.', registers })
  return {
    loaded(ms) {
      byResult.loaded?.add()
      seconds.set(ms / 1000)
    },
    notLoaded: (trouble) => byResult[trouble]?.add(),
    serves({ name, version, hash, encoding, file }) {
      info.reset()
      info.set(
        { name: toLabelValue(name), version: toLabelValue(version), hash, encoding, file: toLabelValue(file) },
        1,
      )
    },
  }
}
