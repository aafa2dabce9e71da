// Rules and alerts: promtool accepts them, every alert fires, stays quiet and resolves, and says what to do.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesUnder, ROOT, read } from '../support/workspace.ts'
import { MODEL_CASES } from './support/model-cases.ts'
import {
  hasPromtool,
  promtool,
  RULE_FILES,
  readAlerts,
  readRules,
  testRules,
  toPromtoolTests,
} from './support/promtool.ts'
import { SERVICE_CASES } from './support/service-cases.ts'
import { WATCH_CASES } from './support/watch-cases.ts'

const MINUTES = 60_000
const alerts = readAlerts()
const cases = { ...SERVICE_CASES, ...WATCH_CASES, ...MODEL_CASES }
const missing = hasPromtool() ? '' : 'promtool is not installed'

describe('every alert', () => {
  test('has a case in which it fires and resolves, and one in which it comes close', () => {
    // Watchdog fires always: that is what it is for.
    expect([...alerts.keys()].filter((name) => name !== 'Watchdog').sort()).toEqual(Object.keys(cases).sort())
  })

  test.each([...alerts])('%s says what it is, what it means and where to look', (name, { labels, annotations }) => {
    expect(['page', 'ticket', 'none']).toContain(labels?.severity)
    expect(annotations?.summary).toMatch(/\S/)
    expect(annotations?.impact).toMatch(/\S/)
    expect(annotations?.runbook_url).toBe(`{{ or $externalLabels.runbooks "docs/runbooks" }}/${name}.md`)
    expect(existsSync(join(ROOT, `docs/runbooks/${name}.md`)), `docs/runbooks/${name}.md`).toBe(true)
  })

  test('has a runbook, and every runbook an alert', () => {
    const pages = filesUnder('docs/runbooks', ['.md']).filter((path) => !path.endsWith('README.md'))
    expect(pages.map((path) => path.replace(/^.*\/|\.md$/g, '')).sort()).toEqual([...alerts.keys()].sort())
    for (const path of pages) {
      const headings = [...read(path).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
      expect([path, headings]).toEqual([path, ['What it means', 'What to look at', 'What to do']])
    }
  })
})

describe('promtool', () => {
  test('accepts the rules', (context) => {
    context.skip(missing !== '', missing)
    expect(promtool('check', 'rules', ...RULE_FILES)).toBe('')
  })

  const byFile = { service: SERVICE_CASES, watch: WATCH_CASES, model: MODEL_CASES }
  const intervals = ['1m', '10m'] as const
  const runs = Object.entries(byFile).flatMap(([file, given]) =>
    intervals.map((evaluated) => {
      const names = Object.keys(given).filter((name) => (given[name]?.evaluated ?? '1m') === evaluated)
      return { file: `ops/prometheus/rules/${file}.yaml`, evaluated, given, names }
    }),
  )

  test.for(runs.filter(({ names }) => names.length > 0))(
    'sees alerts of $file fire, resolve, and stay quiet where it comes close: $names',
    { timeout: 5 * MINUTES },
    ({ file, evaluated, given, names }, context) => {
      context.skip(missing !== '', missing)
      const tests = names.flatMap((name) => {
        const [rule, one] = [alerts.get(name), given[name]]
        return rule === undefined || one === undefined ? [] : toPromtoolTests(name, one, rule)
      })
      expect(testRules({ files: [file], evaluated, tests })).toBe('')
    },
  )

  test('sees the watchdog fire with nothing at all, and no rule give NaN or an alert without traffic', (context) => {
    context.skip(missing !== '', missing)
    const ratios = readRules().flatMap(({ record }) => (record === undefined ? [] : [record]))
    const still = (name: string) => ({ series: `${name}`, values: '0+0x60' })
    const watchdog = alerts.get('Watchdog')
    expect(
      testRules({
        tests: [
          {
            interval: '1m',
            input_series: [
              { series: 'up{job="renown",instance="a"}', values: '1+0x60' },
              { series: 'renown_inference_ready{job="renown",instance="a"}', values: '1+0x60' },
              still('http_requests_total{job="renown",instance="a",method="POST",handler="/predict",status="200"}'),
              still('http_requests_total{job="renown",instance="a",method="POST",handler="/predict",status="500"}'),
              still('http_requests_latency_seconds_count{job="renown",instance="a",handler="/predict"}'),
              still('http_requests_latency_seconds_bucket{job="renown",instance="a",handler="/predict",le="0.25"}'),
              still('renown_inference_stage_seconds_bucket{job="renown",instance="a",stage="queue",le="+Inf"}'),
              still('renown_prediction_confidence_ratio_sum{job="renown",instance="a",model="v1"}'),
              still('renown_prediction_confidence_ratio_count{job="renown",instance="a",model="v1"}'),
            ],
            alert_rule_test: [
              {
                eval_time: '60m',
                alertname: 'Watchdog',
                // Where nothing says where runbooks are read, the file is named.
                exp_alerts: [
                  {
                    exp_labels: watchdog?.labels,
                    exp_annotations: { ...watchdog?.annotations, runbook_url: 'docs/runbooks/Watchdog.md' },
                  },
                ],
              },
            ],
            promql_expr_test: [
              { expr: 'ALERTS{alertname!="Watchdog"}', eval_time: '60m', exp_samples: [] },
              ...ratios.map((name) => ({ expr: `${name} != ${name}`, eval_time: '60m', exp_samples: [] })),
            ],
          },
        ],
      }),
    ).toBe('')
  })
})

describe('burn rates', () => {
  // The Site Reliability Workbook, chapter 5, table 5-8: long window, its seconds, short window, factor.
  const page = [
    ['1h', 3600, '5m', '14.4 * '],
    ['6h', 21_600, '30m', '6 * '],
  ] as const
  const ticket = [
    ['1d', 86_400, '2h', '3 * '],
    ['3d', 259_200, '6h', ''],
  ] as const
  const objectives = [
    ['Availability', 'job:renown_failures', '0.001'],
    ['Latency', 'job:renown_slow_predictions', '0.01'],
  ] as const
  const expected = objectives.flatMap(([objective, series, allowed]) =>
    Object.entries({ Fast: page, Slowly: ticket }).map(([speed, windows]) => {
      const parts = windows.map(
        ([long, seconds, short, factor]) =>
          `(${series}:ratio_rate${long} > ${factor}${allowed} and ${series}:ratio_rate${short} > ${factor}${allowed} and ${series}:rate${long} * ${seconds} >= 10)`,
      )
      return [`${objective}Burns${speed}`, speed === 'Fast' ? 'page' : 'ticket', parts.join(' or ')] as const
    }),
  )

  test.each(expected)('%s goes by the windows and factors of the workbook', (name, severity, expr) => {
    expect(alerts.get(name)?.labels?.severity).toBe(severity)
    expect(alerts.get(name)?.expr.replace(/\s+/g, ' ').trim()).toBe(expr)
  })

  test('are measured alike in every window', () => {
    const windows = [...new Set([...page, ...ticket].flatMap(([long, , short]) => [long, short]))]
    const measured = (window: string): string[] =>
      readRules()
        .filter(({ record }) => record?.endsWith(`rate${window}`) === true && !record.includes('refusals'))
        .filter(({ record }) => record?.startsWith('job:renown_') === true && !record.includes('shadow'))
        .map(({ record, expr }) => `${record}: ${expr.trim()}`.replaceAll(window, 'WINDOW'))
    expect(measured('5m')).toHaveLength(6)
    for (const window of windows) expect(measured(window)).toEqual(measured('5m'))
  })
})

test('every metric that a rule reads is in docs/metrics.md, or made by a rule, or of Prometheus itself', () => {
  const documented = new Set([...read('docs/metrics.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name))
  const recorded = new Set(readRules().map(({ record }) => record))
  const named = readRules().flatMap(({ expr }) => [
    ...expr.matchAll(/\b[a-z]\w*(?::\w+)+\b|\b(?:http|renown|process|sentiment)_\w+/g),
  ])
  const unknown = named
    .map(([name]) => name)
    .filter((name) => {
      const base = name.replace(/_(bucket|sum|count)$/, '')
      return !recorded.has(name) && !documented.has(name) && !documented.has(base)
    })
  expect([...new Set(unknown)]).toEqual([])
})
