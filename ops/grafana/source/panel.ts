// Panels as Grafana reads them, from the little that differs between ours.

export interface Query {
  readonly expr: string
  readonly legend?: string
  /** One value, now, rather than a line. */
  readonly instant?: boolean
}

export interface PanelOptions {
  readonly title: string
  readonly description: string
  readonly kind: 'timeseries' | 'stat' | 'bargauge' | 'table' | 'heatmap'
  readonly queries: readonly Query[]
  /** Of Grafana: short, s, bytes, percentunit, reqps, none, dateTimeFromNow. */
  readonly unit: string
  /** Of 24 columns. */
  readonly width: number
  readonly height?: number
  readonly min?: number
  readonly max?: number
  readonly decimals?: number
  readonly stack?: 'normal' | 'percent'
  /** Value → colour from there on; the first is the base. */
  readonly thresholds?: readonly (readonly [number | null, Colour])[]
  /** Series by name → colour. */
  readonly colours?: Readonly<Record<string, Colour>>
  readonly links?: readonly Link[]
  /** Number → word. */
  readonly words?: Readonly<Record<number, string>>
}

export type Colour = 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'purple' | 'gray'

export interface Link {
  readonly title: string
  readonly url: string
}

export const DATASOURCE = { type: 'prometheus', uid: 'renown-prometheus' } as const
const HEIGHT = 8

/** The page of Renown; the variable comes from a label of the target. */
export function onPage(path: string, title: string): Link {
  return { title, url: `\${page}${path}` }
}

/** Grafana serves the runbooks itself, so that they are there when Renown isn't. */
export function runbook(name: string): Link {
  return { title: `Runbook ${name}`, url: `/public/runbooks/${name}.md` }
}

/** One panel without its place. */
export function toPanel(options: PanelOptions, id: number): Record<string, unknown> {
  const { title, description, kind, queries, links = [] } = options
  return {
    id,
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map((query, index) => toTarget(query, index, kind)),
    fieldConfig: toFieldConfig(options),
    options: toOptions(options),
    links: links.map((link) => ({ ...link, targetBlank: true })),
    gridPos: { h: options.height ?? HEIGHT, w: options.width, x: 0, y: 0 },
  }
}

function toTarget({ expr, legend, instant = false }: Query, index: number, kind: PanelOptions['kind']): object {
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: DATASOURCE,
    editorMode: 'code',
    expr,
    legendFormat: legend ?? '__auto',
    instant,
    range: !instant,
    ...(kind === 'heatmap' ? { format: 'heatmap' } : {}),
    ...(kind === 'table' ? { format: 'table' } : {}),
  }
}

function toFieldConfig({
  unit,
  min,
  max,
  decimals,
  thresholds,
  colours = {},
  words,
  kind,
  stack,
}: PanelOptions): object {
  const steps = (thresholds ?? [[null, 'green']]).map(([value, color]) => ({ value, color }))
  return {
    defaults: {
      unit,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(decimals === undefined ? {} : { decimals }),
      thresholds: { mode: 'absolute', steps },
      color: { mode: kind === 'timeseries' ? 'palette-classic' : 'thresholds' },
      ...(kind === 'timeseries' ? { custom: toLines(stack, thresholds !== undefined) } : {}),
      mappings: words === undefined ? [] : [toMapping(words)],
    },
    overrides: Object.entries(colours).map(([name, colour]) => ({
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }],
    })),
  }
}

function toLines(stack: PanelOptions['stack'], hasThresholds: boolean): object {
  return {
    lineWidth: 1,
    fillOpacity: stack === undefined ? 10 : 60,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stack ?? 'none', group: 'A' },
    thresholdsStyle: { mode: hasThresholds ? 'line' : 'off' },
  }
}

function toMapping(words: Readonly<Record<number, string>>): object {
  const options = Object.entries(words).map(([value, text], index) => [value, { text, index }])
  return { type: 'value', options: Object.fromEntries(options) }
}

function toOptions({ kind }: PanelOptions): object {
  const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false }
  if (kind === 'timeseries') {
    const legend = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] }
    return { legend, tooltip: { mode: 'multi', sort: 'desc' } }
  }
  if (kind === 'stat') return { reduceOptions, graphMode: 'area', colorMode: 'value', textMode: 'auto' }
  if (kind === 'bargauge') return { reduceOptions, orientation: 'horizontal', displayMode: 'basic' }
  if (kind === 'table') return { showHeader: true, cellHeight: 'sm' }
  return { calculate: false, yAxis: { unit: 's' }, color: { scheme: 'Spectral', mode: 'scheme' } }
}
