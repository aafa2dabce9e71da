// What the model registry and the gate of the data folder say: read at each scrape, cheaply where nothing is new.
import type { GateCounter, Registry as ModelRegistry, RegistryEvent } from '@renown/models/serving'
import { Gauge, type Registry } from 'prom-client'
import { toLabelValue } from './label-value.ts'
import { SeriesCounter } from './series.ts'

/** Whoever may write to the registry names aliases: so many get series, those that were set first. */
const MOST_ALIASES = 20
const KINDS = ['added', 'promoted', 'rolled-back', 'pruned', 'published'] as const satisfies RegistryEvent['kind'][]
const VERDICTS = ['pass', 'fail', 'undecidable'] as const

/** A disk that is busy delays no scrape for long: what it has to say is in the next one. */
const PATIENCE_MS = 10
/** A folder on a network that hangs can't be read, and takes no other metric with it. */
const HANGS_AFTER_MS = 500

export interface RegistryMetrics {
  /** Never rejects, and takes a hundredth of a second at most once something is known; what can't be read is told by a metric. */
  refresh(): Promise<void>
}

type Models = Pick<ModelRegistry, 'events' | 'list'>

export function createRegistryMetrics(
  registry: Registry,
  models: Models,
  gates: GateCounter,
  patienceMs: number = PATIENCE_MS,
): RegistryMetrics {
  const readable = new Gauge({
    name: 'renown_registry_readable',
    help: 'Whether the registry and the log of the gate could be read.',
    registers: [registry],
  })
  const parts = [createModelEvents(registry, models), createGateMetrics(registry, gates)]
  let reading: Promise<void> | null = null
  let startedAt = 0
  let isKnown = false

  async function read(): Promise<void> {
    startedAt = performance.now()
    const results = await Promise.allSettled(parts.map((part) => part.refresh()))
    reading = null
    isKnown = true
    readable.set(results.every(({ status }) => status === 'fulfilled') ? 1 : 0)
  }

  return {
    async refresh() {
      reading ??= read()
      const isDone = await isDoneWithin(reading, isKnown ? patienceMs : Math.max(patienceMs, HANGS_AFTER_MS))
      if (!isDone && performance.now() - startedAt >= HANGS_AFTER_MS) readable.set(0)
    },
  }
}

async function isDoneWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

interface Part {
  refresh(): Promise<void>
}

function createModelEvents(registry: Registry, models: Models): Part {
  const registers = [registry]
  const events = new SeriesCounter({
    name: 'renown_registry_events_total',
    help: 'What happened in the model registry: versions added, published and pruned, aliases promoted and rolled back.',
    labelNames: ['kind'],
    registers,
  })
  const counts = KINDS.map((kind) => ({ kind, series: events.at({ kind }) }))
  const versions = new Gauge({ name: 'renown_registry_versions', help: 'Versions that are kept.', registers })
  const aliases = createAliases(registry)
  let known = -1
  return {
    async refresh() {
      const happened = await models.events()
      if (happened.length === known) return
      for (const { kind, series } of counts) series.value = happened.filter((event) => event.kind === kind).length
      versions.set((await models.list()).length)
      aliases(happened)
      known = happened.length
    },
  }
}

function createAliases(registry: Registry): (events: readonly RegistryEvent[]) => void {
  const registers = [registry]
  const info = new Gauge({
    name: 'renown_registry_alias_info',
    help: 'The version that an alias names; always 1.',
    labelNames: ['alias', 'version'],
    registers,
  })
  const moved = new Gauge({
    name: 'renown_registry_alias_moved_timestamp_seconds',
    help: 'When the alias was moved last, in seconds since 1970.',
    labelNames: ['alias'],
    registers,
  })
  return (events) => {
    const current = new Map<string, { readonly version: string; readonly time: string }>()
    for (const event of events) if ('alias' in event) current.set(event.alias, { version: event.to, time: event.time })
    info.reset()
    moved.reset()
    for (const [name, { version, time }] of [...current].slice(0, MOST_ALIASES)) {
      const alias = toLabelValue(name)
      info.set({ alias, version: toLabelValue(version) }, 1)
      moved.set({ alias }, Date.parse(time) / 1000)
    }
  }
}

function createGateMetrics(registry: Registry, gates: GateCounter): Part {
  const registers = [registry]
  const runs = new SeriesCounter({
    name: 'renown_gate_runs_total',
    help: 'Gates that were run, by verdict.',
    labelNames: ['verdict'],
    registers,
  })
  const verdicts = new Gauge({
    name: 'renown_gate_last_verdict',
    help: 'The verdict of the last gate: 1 for that one, 0 for the others.',
    labelNames: ['verdict'],
    registers,
  })
  const ran = new Gauge({
    name: 'renown_gate_last_run_timestamp_seconds',
    help: 'When the last gate was run, in seconds since 1970; nothing before the first.',
    registers,
  })
  return {
    async refresh() {
      const { byVerdict, last } = await gates.read()
      for (const verdict of VERDICTS) {
        runs.at({ verdict }).value = byVerdict[verdict]
        verdicts.set({ verdict }, last?.verdict === verdict ? 1 : 0)
      }
      ran.set(last === null ? Number.NaN : Date.parse(last.time) / 1000)
    },
  }
}
