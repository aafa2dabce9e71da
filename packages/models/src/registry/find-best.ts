// The best version that an alias ever named, by the figures that versions and their gates have recorded.
//
// Each promotion may lose a margin to the champion before; compared with the best of all, the losses can't add up.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Figure, type Figures, isBetter, recordedFigures } from '../best-figures.ts'
import { GATE_REPORT, readGateFinding } from '../gate/read-gate-report.ts'
import { readManifest } from '../open-model-folder.ts'
import type { Registry, RegistryVersion } from './registry.ts'

/**
 * Of those that are still there and have figures; null where there is none. Two versions are compared on the rows that both
 * were measured on: those of a gate before those of a test split, these before others, then the larger number. Where there
 * are none, the earlier version stays the best.
 */
export async function findBest(registry: Registry, alias: string): Promise<RegistryVersion | null> {
  const living = await registry.list()
  const named = new Set((await registry.history(alias)).map(({ version }) => version))
  const figures = await gatherFigures(living)
  const promoted = living.filter(({ version, hash }) => named.has(version) && figures.has(hash))
  return promoted.reduce<RegistryVersion | null>(
    (best, version) => (best === null || isBetter(figures.get(version.hash), figures.get(best.hash)) ? version : best),
    null,
  )
}

/** By the hash of the model: what a gate measured counts for every model that it compared. */
async function gatherFigures(versions: readonly RegistryVersion[]): Promise<ReadonlyMap<string, Figures>> {
  const gathered = new Map<string, Map<string, Figure>>()
  const note = (hash: string, key: string, figure: Figure): void => {
    const known = gathered.get(hash) ?? new Map<string, Figure>()
    gathered.set(hash, known.set(key, figure))
  }
  for (const version of versions) {
    for (const [key, figure] of await readEvaluations(version)) note(version.hash, key, figure)
    for (const [hash, key, figure] of await readGate(version)) note(hash, key, figure)
  }
  return gathered
}

const GATE_TRUST = 2

/** A version that is damaged says nothing. */
async function readEvaluations({ path }: RegistryVersion): Promise<Figures> {
  const manifest = await readManifest(path).catch(() => null)
  return manifest === null ? new Map() : recordedFigures(manifest)
}

/** A report that can't be read says nothing. */
async function readGate({ path, files }: RegistryVersion): Promise<readonly (readonly [string, string, Figure])[]> {
  if (!Object.hasOwn(files, GATE_REPORT)) return []
  try {
    const finding = readGateFinding(await readFile(join(path, GATE_REPORT), 'utf8'))
    if (finding === null) return []
    const { candidate, references, macroRecall, set, rows } = finding
    return Object.entries({ ...references, candidate }).flatMap(([role, hash]) => {
      const value = macroRecall[role as keyof typeof macroRecall]
      return value === undefined
        ? []
        : [[hash, `gate on ${set}`, { macroRecall: value, rows, trust: GATE_TRUST }] as const]
    })
  } catch {
    return []
  }
}
