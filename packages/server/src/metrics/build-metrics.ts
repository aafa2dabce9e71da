// Which Renown runs, on which Node.
import { readFileSync } from 'node:fs'
import { Gauge, type Registry } from 'prom-client'

export function createBuildMetrics(registry: Registry): void {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  new Gauge({
    name: 'renown_build_info',
    help: 'The version of Renown, and of the Node that it runs on; always 1.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1)
}
