// What a scrape says of the registry and the gates of a data folder, as they change, break and hang.
import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type GateVerdict, openGateCounter, openRegistry } from '@renown/models'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderRegistry } from './exposition.ts'
import { createRegistryMetrics } from './registry-metrics.ts'

const MODEL = fileURLToPath(new URL('../../../ml/fixtures/tiny-bert', import.meta.url))
const BY = { who: 'somebody', why: 'a test' }

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'renown-registry-metrics-'))
})
afterEach(async () => await rm(home, { recursive: true, force: true }))

/** Gives the series of each scrape, by name and labels. */
function open(models = openRegistry(home), patienceMs = 60_000): () => Promise<Record<string, number>> {
  const registry = new Registry()
  const metrics = createRegistryMetrics(registry, models, openGateCounter(home), patienceMs)
  return async () => {
    await metrics.refresh()
    const lines = (await renderRegistry(registry, 'text')).split('\n').filter((line) => /^renown_/.test(line))
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    )
  }
}

async function writeGate(verdict: GateVerdict, time: string): Promise<void> {
  await mkdir(join(home, 'gate'), { recursive: true })
  const entry = { time, set: 'a', candidate: 'b', rows: 3, verdict }
  await appendFile(join(home, 'gate', 'evaluations.jsonl'), `\n${JSON.stringify(entry)}`)
}

test('an empty data folder has every kind and verdict at zero, and nothing that is not known', async () => {
  expect(await open()()).toEqual({
    renown_registry_readable: 1,
    renown_registry_versions: 0,
    'renown_registry_events_total{kind="added"}': 0,
    'renown_registry_events_total{kind="promoted"}': 0,
    'renown_registry_events_total{kind="rolled-back"}': 0,
    'renown_registry_events_total{kind="pruned"}': 0,
    'renown_registry_events_total{kind="published"}': 0,
    'renown_gate_runs_total{verdict="pass"}': 0,
    'renown_gate_runs_total{verdict="fail"}': 0,
    'renown_gate_runs_total{verdict="undecidable"}': 0,
    'renown_gate_last_verdict{verdict="pass"}': 0,
    'renown_gate_last_verdict{verdict="fail"}': 0,
    'renown_gate_last_verdict{verdict="undecidable"}': 0,
  })
})

test('what another process does to the registry is in the next scrape', async () => {
  const scrape = open()
  await scrape()
  const other = openRegistry(home)
  const added = await other.add(MODEL, BY)
  const { version } = added.version
  await other.promote(version, 'staging', BY)
  const series = await scrape()
  expect(series).toMatchObject({
    renown_registry_versions: 1,
    'renown_registry_events_total{kind="added"}': 1,
    'renown_registry_events_total{kind="promoted"}': 1,
    [`renown_registry_alias_info{alias="staging",version="${version}"}`]: 1,
  })
  const moved = series['renown_registry_alias_moved_timestamp_seconds{alias="staging"}'] ?? 0
  expect(Math.abs(moved - Date.now() / 1000)).toBeLessThan(600)
})

test('gates are counted as they are recorded, a line that is half written only once it is whole', async () => {
  const scrape = open()
  await writeGate('fail', '2026-01-01T00:00:00.000Z')
  await writeGate('pass', '2026-01-02T00:00:00.000Z')
  const file = join(home, 'gate', 'evaluations.jsonl')
  await appendFile(file, '\n{"time":"2026-01-03T00:00:00.000Z","verdict":"undeci')
  const before = {
    'renown_gate_runs_total{verdict="fail"}': 1,
    'renown_gate_runs_total{verdict="pass"}': 1,
    'renown_gate_runs_total{verdict="undecidable"}': 0,
    'renown_gate_last_verdict{verdict="pass"}': 1,
    renown_gate_last_run_timestamp_seconds: Date.UTC(2026, 0, 2) / 1000,
  }
  expect(await scrape()).toMatchObject(before)
  expect(await scrape()).toMatchObject(before)
  await appendFile(file, 'dable"}')
  await writeGate('pass', '2026-01-04T00:00:00.000Z')
  expect(await scrape()).toMatchObject({
    'renown_gate_runs_total{verdict="fail"}': 1,
    'renown_gate_runs_total{verdict="pass"}': 2,
    'renown_gate_runs_total{verdict="undecidable"}': 1,
    renown_gate_last_run_timestamp_seconds: Date.UTC(2026, 0, 4) / 1000,
  })
  await writeFile(file, '')
  expect(await scrape()).toMatchObject({ 'renown_gate_runs_total{verdict="pass"}': 0 })
})

test('what is no line of a gate counts as nothing', async () => {
  await mkdir(join(home, 'gate'))
  const lines = ['null', '{}', '{"verdict":"toString","time":"x"}', '\u0000', '[]', '{"verdict":"pass"}']
  await writeFile(join(home, 'gate', 'evaluations.jsonl'), `\n${lines.join('\n')}\n`)
  expect(await open()()).toMatchObject({ renown_registry_readable: 1, 'renown_gate_runs_total{verdict="pass"}': 0 })
})

test('a registry that is broken is told, and the rest of the scrape stands', async () => {
  await openRegistry(home).add(MODEL, BY)
  const scrape = open()
  const log = join(home, 'models', '.registry', 'log')
  const [entry = ''] = await readdir(log)
  await writeFile(join(log, entry, 'event.json'), 'no JSON')
  await writeGate('pass', '2026-01-02T00:00:00.000Z')
  expect(await scrape()).toMatchObject({ renown_registry_readable: 0, 'renown_gate_runs_total{verdict="pass"}': 1 })
})

test('one that hangs is not waited for, nor asked again meanwhile', async () => {
  let asked = 0
  let answer: (() => void) | undefined
  const models = openRegistry(home)
  const hanging = {
    ...models,
    events: async () => {
      asked++
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return await models.events()
    },
  }
  const scrape = open(hanging, 10)
  expect((await scrape()).renown_registry_readable).toBe(0)
  expect((await scrape()).renown_registry_readable).toBe(0)
  expect(asked).toBe(1)
  answer?.()
  await expect
    .poll(
      async () => {
        const after = scrape()
        answer?.()
        return (await after).renown_registry_readable
      },
      { timeout: 60_000 },
    )
    .toBe(1)
})
