// What each kind of panel is told beside its values, and which columns a table has.
import type { PanelOptions } from './panel.ts'
import type { TransformationJson, Visualizations } from './schema.ts'

const NOW = { calcs: ['lastNotNull'], fields: '', values: false }
const LEGEND = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] } as const
const TOOLTIP = { mode: 'multi', sort: 'desc' } as const

const OPTIONS: Visualizations = {
  timeseries: { legend: LEGEND, tooltip: TOOLTIP },
  stat: {
    reduceOptions: NOW,
    orientation: 'auto',
    graphMode: 'none',
    colorMode: 'value',
    justifyMode: 'auto',
    textMode: 'auto',
    wideLayout: true,
    showPercentChange: false,
    percentChangeColorMode: 'standard',
  },
  bargauge: {
    reduceOptions: NOW,
    orientation: 'horizontal',
    displayMode: 'basic',
    valueMode: 'color',
    namePlacement: 'auto',
    showUnfilled: true,
    sizing: 'auto',
    minVizWidth: 8,
    minVizHeight: 16,
    maxVizHeight: 300,
    legend: { ...LEGEND, showLegend: false },
  },
  table: { showHeader: true, cellHeight: 'sm', frameIndex: 0 },
  heatmap: {
    calculate: false,
    yAxis: { unit: 's' },
    cellGap: 1,
    color: { mode: 'scheme', scheme: 'Spectral', fill: 'dark-orange', exponent: 0.5, steps: 64, reverse: false },
    exemplars: { color: 'rgba(255,0,255,0.7)' },
    legend: { show: true },
    showValue: 'never',
    tooltip: { mode: 'single', showColorScale: true },
  },
  'state-timeline': {
    rowHeight: 0.8,
    mergeValues: true,
    showValue: 'never',
    alignValue: 'left',
    legend: { ...LEGEND, showLegend: false },
    tooltip: { mode: 'single', sort: 'none' },
  },
}

export function toVisualization({ kind, named = false }: PanelOptions): Visualizations[keyof Visualizations] {
  return kind === 'stat' && named ? { ...OPTIONS.stat, textMode: 'name' } : OPTIONS[kind]
}

/** One row for all queries about the same, and of it the columns that are named. */
export function toTransformations({ queries, columns }: PanelOptions): readonly TransformationJson[] {
  if (columns === undefined) return []
  const names = Object.keys(columns)
  const organize = {
    indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
    renameByName: Object.fromEntries(Object.entries(columns).map(([name, { title }]) => [name, title])),
    excludeByName: {},
  }
  return [
    ...(queries.length > 1 ? [{ id: 'merge', options: {} }] : []),
    { id: 'filterFieldsByName', options: { include: { names } } },
    { id: 'organize', options: organize },
  ]
}
