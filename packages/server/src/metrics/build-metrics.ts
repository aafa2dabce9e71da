// Which Renown runs, on which Node.
import { Gauge, type Registry } from 'prom-client'
import { readVersion } from '../version.ts'

export function createBuildMetrics(registry: Registry): void {
  new Gauge({
    name: 'renown_build_info',
    help: 'The version of Renown, and of the Node that it runs on; always 1.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: readVersion(), node: process.version }, 1)
}
