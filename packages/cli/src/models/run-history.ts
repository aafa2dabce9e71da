// `renown models history`.
import type { RegistryEvent, ServedPeriod } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { formatTable } from '../format/table.ts'
import { type Io, note, printJson, writeAll } from '../io.ts'
import { openHomeRegistry, type RegistryFlags } from './open-registry.ts'

export interface HistoryFlags extends RegistryFlags {
  readonly at?: string
}

export async function showHistory(io: Io, alias: string | undefined, flags: HistoryFlags): Promise<number> {
  const { registry } = await openHomeRegistry(io, flags)
  if (flags.at !== undefined) {
    const period = await registry.servedAt(alias ?? 'champion', parseTime(flags.at))
    return await showPeriods(io, period === null ? [] : [period], flags)
  }
  if (alias !== undefined) return await showPeriods(io, await registry.history(alias), flags)
  return await showEvents(io, await registry.events(), flags)
}

function parseTime(text: string): Date {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new CliError('USAGE_INVALID', `--at: expected a time such as 2026-01-31T12:00:00Z, got "${text}"`)
}

async function showPeriods(io: Io, periods: readonly ServedPeriod[], { json }: HistoryFlags): Promise<number> {
  if (json === true) return await printJson(io, periods)
  if (periods.length === 0) return sayNothing(io)
  const rows = periods.map(({ version, from, until, kind, who, why, evidence }) => [
    version,
    toMinute(from),
    until === null ? 'now' : toMinute(until),
    kind === 'promoted' ? 'promoted' : 'rolled back',
    who,
    why,
    nameEvidence(evidence),
  ])
  const head = ['version', 'from (UTC)', 'until (UTC)', 'how', 'who', 'why', 'evidence']
  await writeAll(io.stdout, `${formatTable(head, rows)}\n`)
  return EXIT_OK
}

async function showEvents(io: Io, events: readonly RegistryEvent[], { json }: HistoryFlags): Promise<number> {
  if (json === true) return await printJson(io, events)
  if (events.length === 0) return sayNothing(io)
  const rows = events.map((event) => {
    const { sequence, time, who, why } = event
    return [String(sequence), toMinute(time), describeEvent(event), who, why]
  })
  await writeAll(io.stdout, `${formatTable(['#', 'when (UTC)', 'what', 'who', 'why'], rows)}\n`)
  return EXIT_OK
}

function describeEvent(event: RegistryEvent): string {
  if (event.kind === 'added') return `added ${event.version}: ${event.name} ${event.modelVersion}`
  if (event.kind === 'pruned') return `removed ${event.versions.join(', ')}`
  if (event.kind === 'published') {
    const { version, repository, commit, tag } = event
    return `published ${version}: hf:${repository}@${tag ?? commit.slice(0, 12)}`
  }
  const way = event.from === null ? event.to : `${event.from} → ${event.to}`
  return `${event.kind === 'promoted' ? 'promoted' : 'rolled back'} ${event.alias}: ${way}`
}

function nameEvidence(evidence: ServedPeriod['evidence']): string {
  return evidence.map(({ name, sha256 }) => `${name} (${sha256.slice(0, 12)})`).join(', ')
}

function toMinute(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}

function sayNothing(io: Io): number {
  note(io, 'Nothing is recorded')
  return EXIT_OK
}
