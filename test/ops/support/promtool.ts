// promtool: rules as data, and tests of alerts in the form that it reads.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { filesUnder, ROOT } from '../../support/workspace.ts'
import type { AlertCase, Series } from './alert-cases.ts'
import { readYaml } from './yaml-files.ts'

export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly interval?: string; readonly rules: readonly Rule[] }[]
}

export const RULE_FILES: readonly string[] = filesUnder('ops/prometheus/rules', ['.yaml'])

export function readRules(): readonly Rule[] {
  return RULE_FILES.flatMap((path) => readYaml<RuleFile>(path).groups.flatMap(({ rules }) => rules))
}

export function readAlerts(): ReadonlyMap<string, Rule> {
  return new Map(readRules().flatMap((rule) => (rule.alert === undefined ? [] : [[rule.alert, rule] as const])))
}

export function hasPromtool(): boolean {
  return spawnSync('promtool', ['--version']).status === 0
}

/** What promtool says where it isn't satisfied; empty where it is. */
export function promtool(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: ROOT, encoding: 'utf8' })
  return status === 0 ? '' : `${stdout}${stderr}`
}

interface RuleTests {
  /** The files that hold what is tested. */
  readonly files?: readonly string[]
  readonly evaluated?: string
  readonly tests: readonly object[]
}

/** Runs `promtool test rules` with tests as data. */
export function testRules({ files = RULE_FILES, evaluated = '1m', tests }: RuleTests): string {
  const folder = mkdtempSync(join(tmpdir(), 'renown-rules-'))
  try {
    const file = join(folder, 'tests.yaml')
    const rules = files.map((path) => join(ROOT, path))
    // As they stand in the files: what is recorded first is read by what comes later.
    const group_eval_order = files.flatMap((path) => readYaml<RuleFile>(path).groups.map(({ name }) => name))
    writeFileSync(file, stringify({ rule_files: rules, evaluation_interval: evaluated, group_eval_order, tests }))
    return promtool('test', 'rules', file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const RUNBOOKS = 'https://runbooks.test/pages'

/** Tests: one in which the alert fires and resolves, one in which it comes close and doesn't, and what is special. */
export function toPromtoolTests(name: string, given: AlertCase, rule: Rule): readonly object[] {
  const fires = (summary: string): object => ({
    exp_labels: { ...rule.labels, ...given.labels },
    exp_annotations: { ...rule.annotations, summary, runbook_url: `${RUNBOOKS}/${name}.md` },
  })
  const at = (eval_time: string, exp_alerts: readonly object[]): object => ({ eval_time, alertname: name, exp_alerts })
  const toTest = (what: string, series: Series, alert_rule_test: readonly object[]): object => ({
    name: `${name}: ${what}`,
    interval: given.interval ?? '1m',
    external_labels: { runbooks: RUNBOOKS },
    input_series: toSeries(series),
    alert_rule_test,
  })
  return [
    toTest('fires and resolves', given.trouble, [at(given.firesAt, [fires(given.summary)]), at(given.resolvedAt, [])]),
    toTest('stays quiet', given.quiet, [at(given.quietAt, [])]),
    ...Object.entries(given.others ?? {}).map(([what, { series, at: time, summary }]) =>
      toTest(what, series, [at(time, summary === undefined ? [] : [fires(summary)])]),
    ),
  ]
}

function toSeries(series: Series): { series: string; values: string }[] {
  return Object.entries(series).map(([name, values]) => ({ series: name, values }))
}
