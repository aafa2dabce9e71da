// The dashboards as they are committed, with what Grafana would fill in.
import { filesUnder, readJson } from '../../support/workspace.ts'

export interface Target {
  readonly refId: string
  readonly expr: string
  readonly instant: boolean
  readonly datasource: { readonly uid: string }
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly datasource?: { readonly uid: string }
  readonly targets?: readonly Target[]
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number }
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly thresholds?: { readonly steps: readonly object[] } }
  }
  readonly links?: readonly { readonly title: string; readonly url: string }[]
  readonly transformations?: readonly { readonly id: string }[]
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly panels: readonly Panel[]
  readonly links: readonly { readonly title: string; readonly url?: string }[]
  readonly templating: {
    readonly list: readonly {
      readonly name: string
      readonly definition: string
      readonly description: string
      readonly datasource: { readonly uid: string }
    }[]
  }
  readonly annotations: {
    readonly list: readonly {
      readonly name: string
      readonly expr: string
      readonly datasource: { readonly uid: string }
    }[]
  }
}

/** What is asked of Prometheus when the dashboard is opened. */
export interface ShownDashboard {
  readonly title: string
  readonly variables: readonly { readonly name: string; readonly query: string }[]
  readonly queries: readonly { readonly panel: string; readonly expr: string; readonly instant: boolean }[]
  readonly annotations: readonly string[]
}

export const DASHBOARD_FILES: readonly string[] = filesUnder('ops/grafana/dashboards', ['.json'])

export function readDashboards(): readonly ShownDashboard[] {
  return DASHBOARD_FILES.map((path) => {
    const { title, templating, panels, annotations } = readJson<Dashboard>(path)
    const queries = panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ expr, instant }) => ({ panel: panel.title, expr: fillIn(expr), instant })),
    )
    return {
      title,
      variables: templating.list.map(({ name, definition }) => ({ name, query: definition })),
      queries,
      annotations: annotations.list.map(({ expr }) => fillIn(expr)),
    }
  })
}

/** Everything is chosen; a rate looks back over several scrapes of the test's Prometheus. */
function fillIn(expr: string): string {
  return expr.replaceAll('$__rate_interval', '30s').replace(/\$(instance|handler|model|trainer)\b/g, '.*')
}
