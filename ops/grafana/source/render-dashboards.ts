// The dashboards as files: name → JSON.
import { toDashboard } from './dashboard.ts'
import { MODEL_DASHBOARD } from './model.ts'
import { SENTIMENT } from './sentiment.ts'
import { SERVICE } from './service.ts'
import { TRAINING } from './training.ts'

export function renderDashboards(): ReadonlyMap<string, string> {
  const all = { service: SERVICE, model: MODEL_DASHBOARD, sentiment: SENTIMENT, training: TRAINING }
  return new Map(
    Object.entries(all).map(([name, options]) => [
      `${name}.json`,
      `${JSON.stringify(toDashboard(options), null, 2)}\n`,
    ]),
  )
}
