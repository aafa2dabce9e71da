// The dashboards as files: made by their source, with ids of their own, existing data sources, and no address in them.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderDashboards } from '../../ops/grafana/source/render-dashboards.ts'
import { filesUnder, ROOT, read, readJson } from '../support/workspace.ts'
import { DASHBOARD_FILES, type Dashboard } from './support/dashboards.ts'
import { readAlerts, readRules } from './support/promtool.ts'
import { readYaml } from './support/yaml-files.ts'

const dashboards = DASHBOARD_FILES.map((path) => ({ path, text: read(path), json: readJson<Dashboard>(path) }))
const provisioned = readYaml<{ datasources: { uid: string; url: string }[] }>(
  'ops/grafana/provisioning/datasources/renown.yaml',
)

function repeated(values: readonly (string | number)[]): (string | number)[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

test('they are what their source makes of them', () => {
  const rendered = renderDashboards()
  expect([...rendered.keys()].map((name) => `ops/grafana/dashboards/${name}`).sort()).toEqual(
    [...DASHBOARD_FILES].sort(),
  )
  for (const [name, text] of rendered) expect(read(`ops/grafana/dashboards/${name}`) === text, name).toBe(true)
})

test('no two have the same uid or title', () => {
  expect(dashboards).toHaveLength(4)
  expect(repeated(dashboards.map(({ json }) => json.uid))).toEqual([])
  expect(repeated(dashboards.map(({ json }) => json.title))).toEqual([])
})

describe.each(dashboards.map((it) => [it.path, it] as const))('%s', (_, { json, text }) => {
  const shown = json.panels.filter(({ type }) => type !== 'row')

  test('no two panels have the same id, and none lies on another', () => {
    expect(repeated(json.panels.map(({ id }) => id))).toEqual([])
    const cells = json.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24)
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`)
    })
    expect(repeated(cells)).toEqual([])
  })

  test('every panel says what it shows, in which unit, from which data', () => {
    for (const { title, description, fieldConfig, targets = [] } of shown) {
      expect([title, description?.length ?? 0]).toEqual([title, expect.toSatisfy((length: number) => length > 10)])
      expect(fieldConfig?.defaults.unit, title).toMatch(/\w/)
      expect(fieldConfig?.defaults.thresholds?.steps.length, title).toBeGreaterThan(0)
      expect(targets.length, title).toBeGreaterThan(0)
      expect(repeated(targets.map(({ refId }) => refId))).toEqual([])
    }
  })

  test('what is shown as it is now is asked for now, so that what is gone looks gone', () => {
    const overTime = ['timeseries', 'heatmap', 'state-timeline']
    for (const { title, type, targets = [] } of shown)
      for (const { instant } of targets) expect([title, instant]).toEqual([title, !overTime.includes(type)])
  })

  test('a table shows columns that are named, and of a number alone what it is', () => {
    for (const { title, type, transformations = [] } of shown)
      if (type === 'table')
        expect([title, transformations.map(({ id }) => id)]).toEqual([
          title,
          expect.arrayContaining(['filterFieldsByName', 'organize']),
        ])
  })

  test('deployments, restarts and incidents are drawn on it', () => {
    expect(json.annotations.list.map(({ name }) => name)).toEqual(['Deployments', 'Restarts', 'Incidents'])
  })

  test('every data source that is named is provisioned', () => {
    const known = provisioned.datasources.map(({ uid }) => uid)
    const named = [...text.matchAll(/"uid": "([^"]+)"/g)].map(([, uid]) => uid).filter((uid) => uid !== json.uid)
    expect(named.length).toBeGreaterThan(10)
    expect([...new Set(named)].filter((uid) => !known.includes(uid ?? ''))).toEqual([])
  })

  test('no host is written into it', () => {
    expect(text).not.toMatch(/https?:\/\/|localhost|\d+\.\d+\.\d+\.\d+/)
  })

  test('every runbook that a panel links to exists, and other links lead to the page', () => {
    const links = [...shown.flatMap(({ links: own = [] }) => own), ...json.links].flatMap(({ url }) => url ?? [])
    for (const url of links) {
      const [, name] = /^\/public\/(runbooks\/\w+\.md)$/.exec(url) ?? []
      if (name === undefined) expect(url).toMatch(/^\$\{page\}\//)
      else expect(existsSync(join(ROOT, 'docs', name)), url).toBe(true)
    }
  })

  test('every metric that it asks for is documented, or made by a rule', () => {
    const recorded = new Set(readRules().map(({ record }) => record))
    const documented = new Set([...read('docs/metrics.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name))
    const exprs = [
      ...shown.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...json.templating.list.map((it) => it.definition),
    ]
    const names = exprs.flatMap(
      (expr) => expr.match(/\b(?:\w+:)+\w+|\b(?:http|renown|process|sentiment_analysis)_\w+/g) ?? [],
    )
    expect(names.length).toBeGreaterThan(5)
    const unknown = names.filter(
      (name) =>
        !recorded.has(name) && !documented.has(name) && !documented.has(name.replace(/_(bucket|sum|count)$/, '')),
    )
    expect([...new Set(unknown)]).toEqual([])
  })
})

describe('runbooks', () => {
  const pages = filesUnder('docs/runbooks', ['.md']).map((path) => ({ path, text: read(path) }))

  test('are linked from a panel, each of them that a panel can say something about', () => {
    const linked = dashboards.flatMap(({ text }) => [...text.matchAll(/runbooks\/(\w+)\.md/g)].map(([, name]) => name))
    const missing = [...readAlerts().keys()].filter((name) => !linked.includes(name))
    // Of Prometheus itself.
    expect(missing.sort()).toEqual(['RulesFail', 'Watchdog'])
  })

  test('name panels that there are', () => {
    const titles = new Set(
      dashboards.flatMap(({ json }) =>
        json.panels.map(({ title }) => `${json.title.replace('Renown: ', '')} / ${title}`),
      ),
    )
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\*\*((?:Service|Model|Sentiment|Training) \/ [^*]+)\*\*/g)].map(([, panel = '']) => ({
        path,
        panel,
      })),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(({ panel }) => !titles.has(panel))).toEqual([])
  })

  test('name metrics that there are', () => {
    const metrics = read('docs/metrics.md')
    const named = pages.flatMap(({ text }) => text.match(/\b(?:renown|process|http)_\w+/g) ?? [])
    expect(named.length).toBeGreaterThan(3)
    expect([...new Set(named)].filter((name) => !metrics.includes(`\`${name}\``))).toEqual([])
  })
})
