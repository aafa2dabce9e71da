// docs/metrics.md says of every metric its name, type and labels as the code has them.
import { readFileSync } from 'node:fs'
import type { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type TestServer } from '../test-support.ts'
import { createDeploymentMetrics } from './deployment-metrics.ts'
import { createTrainingMetrics } from './training-metrics.ts'

let server: TestServer
beforeAll(async () => {
  server = await openTestApp()
  // Made where a model is really served.
  createDeploymentMetrics(server.context.registry)
})
afterAll(async () => await server.close())

const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8')

/** Name, type and labels of each row of a section's table. */
function rowsOf(heading: string): string[] {
  const [, section = ''] = new RegExp(`^## ${heading}$([\\s\\S]*?)^## `, 'm').exec(page) ?? []
  return [...section.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(([, name, type, labels = '']) => {
    const named = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)
    return `${name} ${type} ${named.join()}`.trim()
  })
}

/** The types that prom-client hands out leave the labels out. */
interface Declared {
  readonly name: string
  readonly type: string
  readonly labelNames: readonly string[]
}

function metricsOf(registry: Registry): string[] {
  const metrics = registry.getMetricsAsArray() as unknown as Declared[]
  return metrics.map(({ name, type, labelNames }) => `${name} ${type} ${labelNames.join()}`.trim())
}

test('of the server', () => {
  expect(rowsOf('The server').sort()).toEqual(metricsOf(server.context.registry).sort())
})

test('of a training', () => {
  const { registry } = createTrainingMetrics({ name: 'run', base: 'base' })
  expect(rowsOf('A training').sort()).toEqual(metricsOf(registry).sort())
})
