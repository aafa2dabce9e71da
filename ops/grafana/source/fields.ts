// How values look: unit, bounds, thresholds, colours, and what differs between series or columns.
import type { Column, Link, PanelOptions } from './panel.ts'
import type { FieldJson, LinesJson, OverrideJson, PanelJson, StatesJson } from './schema.ts'

export function toFieldConfig(options: PanelOptions): PanelJson['fieldConfig'] {
  const { kind, colours = {}, columns = {} } = options
  const colour = kind === 'state-timeline' ? toStateColour : toSeriesColour
  return {
    defaults: toDefaults(options),
    overrides: [
      ...Object.entries(colours).map(([name, value]) => override(name, [colour(value)])),
      ...Object.values(columns).flatMap(toColumnOverride),
    ],
  }
}

function toDefaults(options: PanelOptions): FieldJson {
  const { kind, unit, min, max, decimals, empty, thresholds = [[null, 'green']] } = options
  const custom = toCustom(options)
  return {
    unit,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(decimals === undefined ? {} : { decimals }),
    ...(empty === undefined ? {} : { noValue: empty }),
    thresholds: { mode: 'absolute', steps: thresholds.map(([value, color]) => ({ value, color })) },
    color: { mode: kind === 'timeseries' ? 'palette-classic' : 'thresholds' },
    ...(custom === null ? {} : { custom }),
    mappings: [],
  }
}

function toCustom({ kind, stack, thresholds }: PanelOptions): LinesJson | StatesJson | null {
  if (kind === 'state-timeline') return { fillOpacity: 70, lineWidth: 0 }
  if (kind !== 'timeseries') return null
  return {
    lineWidth: 1,
    fillOpacity: stack === undefined ? 10 : 60,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stack ?? 'none', group: 'A' },
    thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'line' },
  }
}

type Property = OverrideJson['properties'][number]

function override(name: string, properties: readonly Property[]): OverrideJson {
  return { matcher: { id: 'byName', options: name }, properties }
}

function toSeriesColour(fixedColor: string): Property {
  return { id: 'color', value: { mode: 'fixed', fixedColor } }
}

/** Coloured while it is 1. */
function toStateColour(color: string): Property {
  const steps = [
    { value: null, color: 'transparent' },
    { value: 1, color },
  ]
  return { id: 'thresholds', value: { mode: 'absolute', steps } }
}

function toColumnOverride({ title, unit, link }: Column): OverrideJson[] {
  const properties = [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(link === undefined ? [] : [{ id: 'links', value: [toCellLink(link)] }]),
  ]
  return properties.length === 0 ? [] : [override(title, properties)]
}

function toCellLink({ title, url }: Link): object {
  return { title, url, targetBlank: true }
}
