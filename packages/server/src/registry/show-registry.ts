// The registry as the API shows it.
import {
  type AliasMove,
  type EvaluationPair,
  REGISTRY_REPORTS,
  type RegistryAlias,
  type RegistryEvents,
  type RegistryVersion,
  type RegistryVersionDetails,
  type ServedPeriod,
} from '@renown/contract'
import type {
  RegistryEvent as Event,
  AliasMove as Move,
  EvaluationPair as Pair,
  ServedPeriod as Period,
  Registry,
  RegistryVersion as Version,
} from '@renown/models/serving'
import { showEvaluation } from '../routes/show-evaluation.ts'
import type { GateSummaries } from './gate-summaries.ts'
import { readKeptManifest } from './read-kept.ts'

export async function showVersion(version: Version, gates: GateSummaries): Promise<RegistryVersion> {
  const { name, modelVersion, hash, aliases, added, who, why, files } = version
  return {
    version: version.version,
    name,
    model_version: modelVersion,
    hash,
    aliases: [...aliases],
    added_at: added,
    added_by: who,
    reason: why,
    bytes: Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0),
    gate: await gates.of(version),
  }
}

/** Throws REGISTRY_INVALID. */
export async function showDetails(version: Version, gates: GateSummaries): Promise<RegistryVersionDetails> {
  const { base, parent, license, labels, created, training, evaluations } = await readKeptManifest(version)
  return {
    ...(await showVersion(version, gates)),
    base: base?.name ?? null,
    parent,
    license,
    labels: [...labels],
    created_at: created,
    trained_on: [...new Set((training?.data ?? []).map(({ name }) => name))],
    files: { ...version.files },
    reports: REGISTRY_REPORTS.filter((report) => version.files[report] !== undefined),
    evaluations: evaluations.map(showEvaluation),
  }
}

/** Every alias that is set, in the order of their names. */
export async function showAliases(models: Registry, versions: readonly Version[]): Promise<RegistryAlias[]> {
  const names = versions.flatMap(({ aliases }) => aliases).sort()
  return await Promise.all(names.map(async (alias) => showAlias(alias, await models.history(alias))))
}

function showAlias(alias: string, periods: readonly Period[]): RegistryAlias {
  const current = periods.at(-1)
  if (current === undefined) throw new Error(`"${alias}" names a version and has no history`)
  return { alias, current: showPeriod(current), rollback_to: findWayBack(periods) }
}

/** A promotion goes a step further, a rollback takes the last one back. */
function findWayBack(periods: readonly Period[]): string | null {
  const way: string[] = []
  for (const { kind, version } of periods) {
    if (kind === 'promoted') way.push(version)
    else way.pop()
  }
  return way.at(-2) ?? null
}

export function showPeriod({ version, from, until, kind, who, why, evidence }: Period): ServedPeriod {
  return { version, from, until, kind, who, reason: why, evidence: evidence.map((document) => ({ ...document })) }
}

export function showMove({ current, from, moved }: Move): AliasMove {
  return { alias: current.alias, version: current.version, from, moved, since: current.since }
}

export function showPair({ file, encoding, dataSet, split, one, other, sameData }: Pair): EvaluationPair {
  return {
    file,
    encoding,
    data_set: dataSet,
    split,
    one: one === null ? null : showEvaluation(one),
    other: other === null ? null : showEvaluation(other),
    same_data: sameData,
  }
}

/** A page of the log, the newest first: what came before event number `before`. */
export function showEvents(events: readonly Event[], limit: number, before: number): RegistryEvents {
  const earlier = events.filter(({ sequence }) => sequence < before).toReversed()
  const page = earlier.slice(0, limit)
  return { events: page.map(showEvent), next: earlier.length > limit ? (page.at(-1)?.sequence ?? null) : null }
}

function showEvent(event: Event): RegistryEvents['events'][number] {
  const { sequence, kind, time, who, why } = event
  const head = { sequence, kind, at: time, who, reason: why, alias: null, from: null, published: null, evidence: [] }
  if (event.kind === 'added') return { ...head, versions: [event.version] }
  if (event.kind === 'pruned') return { ...head, versions: [...event.versions] }
  if (event.kind === 'published') return { ...head, versions: [event.version], published: showPlace(event) }
  const { alias, from, to, evidence } = event
  return { ...head, versions: [to], alias, from, evidence: evidence.map((document) => ({ ...document })) }
}

function showPlace({ repository, tag, commit }: Event & { readonly kind: 'published' }): string {
  return `hf:${repository}@${tag ?? commit}`
}
