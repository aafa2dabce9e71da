// Dashboards as Grafana reads them: rows of panels, variables, links, annotations.
import { DATASOURCE, type Link, type PanelOptions, PLAIN_LINK, toLink, toPanel } from './panel.ts'
import type { AnnotationJson, DashboardJson, LinkJson, PanelJson, RowJson, VariableJson } from './schema.ts'

export interface Row {
  readonly title: string
  readonly panels: readonly PanelOptions[]
}

export interface Variable {
  readonly name: string
  readonly label: string
  readonly description: string
  /** Such as `label_values(up, instance)`. */
  readonly query: string
  /** Whether several, or all, may be chosen. */
  readonly many: boolean
  /** Not shown: it only feeds links. */
  readonly hidden?: boolean
}

export interface DashboardOptions {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly from: string
  readonly variables: readonly Variable[]
  readonly rows: readonly Row[]
  readonly links?: readonly Link[]
}

const COLUMNS = 24

export const INSTANCE: Variable = {
  name: 'instance',
  label: 'Replica',
  description: 'Which replicas are shown.',
  query: 'label_values(up{job="renown"}, instance)',
  many: true,
}

export const MODEL: Variable = {
  name: 'model',
  label: 'Model',
  description: 'Which versions of the model are shown.',
  query: 'label_values(sentiment_analysis_predictions_total{job="renown"}, model)',
  many: true,
}

const PAGE: Variable = {
  name: 'page',
  label: 'Page',
  description: 'Where the page of Renown is, as the label of the target says.',
  query: 'label_values(up{job="renown"}, page)',
  many: false,
  hidden: true,
}

/** What happened, drawn on every panel. */
const ANNOTATIONS = [
  {
    name: 'Deployments',
    iconColor: 'blue',
    expr: 'sum by (version) (renown_model_info{job="renown"}) unless sum by (version) (renown_model_info{job="renown"} offset 2m)',
    titleFormat: 'Model {{version}} serves',
  },
  {
    name: 'Restarts',
    iconColor: 'purple',
    expr: 'changes(process_start_time_seconds{job="renown"}[2m]) > 0',
    titleFormat: '{{instance}} started',
  },
  {
    name: 'Incidents',
    iconColor: 'red',
    expr: 'ALERTS{alertstate="firing", severity=~"page|ticket"}',
    titleFormat: '{{alertname}}',
  },
] as const

/** To the dashboards with the same tag; what was chosen comes along. */
const TO_OTHERS: LinkJson = {
  ...PLAIN_LINK,
  type: 'dashboards',
  title: 'Renown',
  tags: ['renown'],
  asDropdown: true,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
}

export function toDashboard({
  uid,
  title,
  description,
  from,
  variables,
  rows,
  links = [],
}: DashboardOptions): DashboardJson {
  return {
    uid,
    title: `Renown: ${title}`,
    description,
    tags: ['renown'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from, to: 'now' },
    timezone: 'browser',
    templating: { list: [...variables, PAGE].map(toVariable) },
    annotations: { list: ANNOTATIONS.map(toAnnotation) },
    links: [TO_OTHERS, ...[{ title: 'Page', url: `\${page}/` }, ...links].map(toLink)],
    panels: placeRows(rows),
  }
}

function toVariable({ name, label, description, query, many, hidden = false }: Variable): VariableJson {
  return {
    name,
    label,
    description,
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { qryType: 1, query, refId: name },
    refresh: 2,
    sort: 1,
    hide: hidden ? 2 : 0,
    multi: many,
    includeAll: many,
    ...(many ? { allValue: '.*', current: { text: 'All', value: '$__all' } } : {}),
  }
}

function toAnnotation({ name, iconColor, expr, titleFormat }: (typeof ANNOTATIONS)[number]): AnnotationJson {
  const target = { refId: 'Anno', expr }
  return {
    name,
    datasource: DATASOURCE,
    enable: true,
    iconColor,
    expr,
    step: '60s',
    titleFormat,
    useValueForTime: false,
    target,
  }
}

/** Panels fill lines of 24 columns from the left. */
function placeRows(rows: readonly Row[]): (PanelJson | RowJson)[] {
  const placed: (PanelJson | RowJson)[] = []
  let id = 0
  let y = 0
  for (const { title, panels } of rows) {
    placed.push({ id: ++id, type: 'row', title, collapsed: false, panels: [], gridPos: { h: 1, w: COLUMNS, x: 0, y } })
    y++
    let x = 0
    let tallest = 0
    for (const options of panels) {
      if (x + options.width > COLUMNS) {
        y += tallest
        x = 0
        tallest = 0
      }
      const panel = toPanel(options, ++id)
      const h = panel.gridPos?.h ?? 0
      placed.push({ ...panel, gridPos: { h, w: options.width, x, y } })
      x += options.width
      tallest = Math.max(tallest, h)
    }
    y += tallest
  }
  return placed
}
