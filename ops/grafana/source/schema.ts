// What Grafana accepts, by its own types: whatever the dashboards are made of is checked against them when it is compiled.
import type {
  AnnotationQuery,
  Dashboard,
  DashboardLink,
  FieldConfig,
  Panel,
  RowPanel,
  VariableModel,
} from '@grafana/schema'
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen'
import type { Options as HeatmapOptions } from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen'
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import type {
  FieldConfig as StateField,
  Options as StateTimelineOptions,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen'
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen'
import type {
  FieldConfig as TimeSeriesField,
  Options as TimeSeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen'

/** As it stands in JSON: words instead of members of enums. */
type Written<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? readonly Written<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Written<T[Key]> }
      : T

/** Panels that we use, by the name of Grafana's plugin, with the options of each. */
export interface Visualizations {
  readonly timeseries: Written<TimeSeriesOptions>
  readonly stat: Written<Omit<StatOptions, 'text'>>
  readonly bargauge: Written<Omit<BarGaugeOptions, 'text'>>
  readonly table: Written<TableOptions>
  readonly heatmap: Written<HeatmapOptions>
  readonly 'state-timeline': Written<StateTimelineOptions>
}

export type LinkJson = Written<DashboardLink>
export type LinesJson = Written<TimeSeriesField>
export type StatesJson = Written<StateField>
export type FieldJson = Written<Omit<FieldConfig, 'custom' | 'links'>> & { readonly custom?: LinesJson | StatesJson }
export type TransformationJson = NonNullable<Written<Panel['transformations']>>[number]
export type RowJson = Omit<Written<RowPanel>, 'panels'> & { readonly panels: readonly PanelJson[] }

export interface PanelJson extends Omit<Written<Panel>, 'fieldConfig' | 'options' | 'targets' | 'type'> {
  readonly type: keyof Visualizations
  readonly options: Visualizations[keyof Visualizations]
  readonly targets: readonly TargetJson[]
  readonly fieldConfig: {
    readonly defaults: FieldJson
    readonly overrides: readonly OverrideJson[]
  }
}

export interface OverrideJson {
  readonly matcher: { readonly id: 'byName'; readonly options: string }
  readonly properties: readonly { readonly id: string; readonly value: unknown }[]
}

/** A query as the data source for Prometheus reads it, whose types are in no package. */
export interface TargetJson {
  readonly refId: string
  readonly datasource: { readonly type: string; readonly uid: string }
  readonly editorMode: 'code'
  readonly expr: string
  readonly legendFormat: string
  readonly instant: boolean
  readonly range: boolean
  readonly exemplar?: boolean
  readonly format?: 'table' | 'heatmap'
}

export type VariableJson = Written<VariableModel> & { readonly definition: string }

/** What stands beside the target is of the data source for Prometheus. */
export type AnnotationJson = Omit<Written<AnnotationQuery>, 'target'> & {
  readonly target: { readonly refId: string; readonly expr: string }
  readonly expr: string
  readonly step: string
  readonly titleFormat: string
  readonly useValueForTime: boolean
}

export interface DashboardJson extends Omit<Written<Dashboard>, 'panels' | 'templating' | 'annotations'> {
  readonly panels: readonly (PanelJson | RowJson)[]
  readonly templating: { readonly list: readonly VariableJson[] }
  readonly annotations: { readonly list: readonly AnnotationJson[] }
}
