// Writes ops/grafana/dashboards: npx tsx ops/grafana/source/write-dashboards.ts
import { writeFileSync } from 'node:fs'
import { renderDashboards } from './render-dashboards.ts'

const folder = new URL('../dashboards/', import.meta.url)

for (const [name, text] of renderDashboards()) writeFileSync(new URL(name, folder), text)
