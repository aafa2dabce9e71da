// Prometheus and Alertmanager as processes, with the files of ops/: only addresses, intervals and windows are others.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { read } from '../../support/workspace.ts'
import { findFreePort } from './free-port.ts'
import { RULE_FILES } from './promtool.ts'
import { readYaml } from './yaml-files.ts'

const PATIENCE_MS = 120_000

export interface Monitoring {
  readonly prometheus: string
  readonly alertmanager: string
  stop(): Promise<void>
}

export interface MonitoringOptions {
  readonly folder: string
  /** Addresses, such as 127.0.0.1:8000, by job. */
  readonly targets: Readonly<Record<'renown' | 'training', readonly string[]>>
  /** The API key for scrapes. */
  readonly key: string
  /** Where alerts are delivered to. */
  readonly webhook: string
  /** Where runbooks are said to be read. */
  readonly runbooks: string
  /** OpenMetrics of the past. */
  readonly history: string
}

export function missingPrograms(): string {
  const missing = ['prometheus', 'promtool', 'prometheus-alertmanager'].filter(
    (name) => spawnSync(name, ['--version']).status !== 0,
  )
  return missing.length === 0 ? '' : `${missing.join(', ')} not installed`
}

export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const { folder } = options
  const [port, alertPort] = [await findFreePort(), await findFreePort()]
  writePrometheusFiles(options, `127.0.0.1:${port}`, `127.0.0.1:${alertPort}`)
  backfill(folder, options.history)
  writeFileSync(join(folder, 'alertmanager.yaml'), hurriedAlertmanager(options.webhook))
  const alertmanager = start(folder, 'prometheus-alertmanager', [
    '--config.file=alertmanager.yaml',
    '--storage.path=alerts',
    '--cluster.listen-address=',
    `--web.listen-address=127.0.0.1:${alertPort}`,
  ])
  const prometheus = start(
    folder,
    'prometheus',
    [
      '--config.file=prometheus.yaml',
      '--storage.tsdb.path=data',
      '--storage.tsdb.retention.time=90d',
      // What fires before Alertmanager is found is told again soon.
      '--rules.alert.resend-delay=2s',
      // Until version 3 a feature of its own.
      '--enable-feature=exemplar-storage,expand-external-labels',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { RUNBOOKS_URL: options.runbooks },
  )
  const urls = { prometheus: `http://127.0.0.1:${port}`, alertmanager: `http://127.0.0.1:${alertPort}` }
  await Promise.all([
    untilReady(`${urls.prometheus}/-/ready`, prometheus),
    untilReady(`${urls.alertmanager}/-/ready`, alertmanager),
  ])
  return {
    ...urls,
    async stop() {
      await Promise.all([end(prometheus), end(alertmanager)])
    },
  }
}

function writePrometheusFiles({ folder, targets, key }: MonitoringOptions, self: string, alertmanager: string): void {
  for (const name of ['rules', 'targets', 'secrets']) mkdirSync(join(folder, name), { recursive: true })
  const config = read('ops/prometheus/prometheus.yaml')
  writeFileSync(join(folder, 'prometheus.yaml'), config.replace(/^( {2}\w+_(?:interval|timeout)): .*$/gm, '$1: 2s'))
  for (const path of RULE_FILES) writeFileSync(join(folder, 'rules', basename(path)), hurry(read(path)))
  writeFileSync(join(folder, 'secrets/metrics-key'), key)
  const groups = [{ targets: [...targets.renown], labels: { page: 'http://renown.test' } }]
  writeFileSync(join(folder, 'targets/renown.yaml'), stringify(groups))
  writeFileSync(join(folder, 'targets/training.yaml'), stringify([{ targets: [...targets.training] }]))
  writeFileSync(join(folder, 'targets/prometheus.yaml'), stringify([{ targets: [self] }]))
  writeFileSync(join(folder, 'targets/alertmanager.yaml'), stringify([{ targets: [alertmanager] }]))
}

/** The same rules with every window and patience shortened. */
function hurry(rules: string): string {
  return rules
    .replace(/\[\d+[smhd]\]/g, '[30s]')
    .replace(/^( +for): .*$/gm, '$1: 2s')
    .replace(/^( +interval): .*$/gm, '$1: 2s')
}

interface AlertmanagerConfig {
  readonly receivers: readonly { readonly name: string }[]
}

function hurriedAlertmanager(webhook: string): string {
  const config = readYaml<AlertmanagerConfig>('ops/alertmanager/alertmanager.yaml')
  const receivers = config.receivers.map(({ name }) => ({ name, webhook_configs: [{ url: `${webhook}/${name}` }] }))
  return stringify({ ...config, receivers }).replace(/((?:group_wait|group_interval)): .*$/gm, '$1: 1s')
}

function backfill(folder: string, history: string): void {
  writeFileSync(join(folder, 'history.txt'), history)
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', 'history.txt', 'data']
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}\n${stdout}${stderr}`)
}

interface Running {
  readonly child: ChildProcess
  output: string
}

function start(folder: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const options = { cwd: folder, env: { ...process.env, ...env } }
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const running: Running = { child, output: '' }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    running.output = (running.output + text).slice(-20_000)
  })
  return running
}

async function untilReady(url: string, { child, ...running }: Running): Promise<void> {
  for (const started = Date.now(); Date.now() - started < PATIENCE_MS; await sleep(200)) {
    if (child.exitCode !== null) break
    const response = await fetch(url).catch(() => null)
    if (response?.ok === true) return
  }
  throw new Error(`${child.spawnfile} is not ready:\n${running.output}`)
}

async function end({ child }: Running): Promise<void> {
  if (child.exitCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}
