// Panels as Grafana reads them, from the little that differs between ours.
import { toFieldConfig } from './fields.ts'
import type { LinkJson, PanelJson, TargetJson, Visualizations } from './schema.ts'
import { toTransformations, toVisualization } from './visualization.ts'

export interface Query {
  readonly expr: string
  readonly legend?: string
  /** Dots for single requests, with their traces. */
  readonly exemplars?: boolean
}

export interface PanelOptions {
  readonly title: string
  readonly description: string
  /** What is no line over time shows the value of now: an earlier one would hide that there is none any more. */
  readonly kind: keyof Visualizations
  readonly queries: readonly Query[]
  readonly unit: Unit
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
  /** A number that shows the name of its series instead. */
  readonly named?: boolean
  /** Of a table: field → column, in this order. */
  readonly columns?: Readonly<Record<string, Column>>
  /** What is said where there is nothing to show. */
  readonly empty?: string
}

/** Of Grafana. */
export type Unit = 'none' | 'short' | 's' | 'bytes' | 'percentunit' | 'reqps' | 'ops'

export interface Column {
  readonly title: string
  readonly unit?: Unit
  readonly link?: Link
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

export const PLAIN_LINK: Omit<LinkJson, 'type' | 'title' | 'url'> = {
  icon: 'external link',
  tooltip: '',
  tags: [],
  asDropdown: false,
  includeVars: false,
  keepTime: false,
  targetBlank: true,
}

export function toLink({ title, url }: Link): LinkJson {
  return { ...PLAIN_LINK, type: 'link', title, url }
}

/** One panel without its place. */
export function toPanel(options: PanelOptions, id: number): PanelJson {
  const { title, description, kind, queries, links = [] } = options
  return {
    id,
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map((query, index) => toTarget(query, index, kind)),
    transformations: toTransformations(options),
    fieldConfig: toFieldConfig(options),
    options: toVisualization(options),
    links: links.map(toLink),
    gridPos: { h: options.height ?? HEIGHT, w: options.width, x: 0, y: 0 },
  }
}

const OVER_TIME: ReadonlySet<PanelOptions['kind']> = new Set(['timeseries', 'heatmap', 'state-timeline'])

function toTarget({ expr, legend, exemplars = false }: Query, index: number, kind: PanelOptions['kind']): TargetJson {
  const range = OVER_TIME.has(kind)
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: DATASOURCE,
    editorMode: 'code',
    expr,
    legendFormat: legend ?? '__auto',
    instant: !range,
    range,
    ...(exemplars ? { exemplar: true } : {}),
    ...(kind === 'heatmap' || kind === 'table' ? { format: kind } : {}),
  }
}
