// `renown models prune`.
import type { PruneRule } from '@renown/models'
import { EXIT_OK } from '../exit-codes.ts'
import { formatBytes } from '../format/numbers.ts'
import { type Io, printJson, writeAll } from '../io.ts'
import { openHomeRegistry, type SignedFlags, signedBy } from './open-registry.ts'

export interface PruneFlags extends SignedFlags, PruneRule {
  readonly dryRun?: boolean
}

export async function pruneModels(io: Io, flags: PruneFlags): Promise<number> {
  const { keep, days, dryRun = false } = flags
  const { registry } = await openHomeRegistry(io, flags)
  const usual = `kept the last ${keep} and what served within ${days} days`
  const report = dryRun
    ? { versions: await registry.planPrune({ keep, days }), bytes: null }
    : await registry.prune({ keep, days, ...signedBy(io, flags, usual) })
  if (flags.json === true) return await printJson(io, { ...report, dryRun })
  const { versions, bytes } = report
  const names = versions.length === 0 ? 'no version' : versions.join(', ')
  const text = bytes === null ? `Would remove ${names}` : `Removed ${names}; ${formatBytes(bytes)} of contents`
  await writeAll(io.stdout, `${text}\n`)
  return EXIT_OK
}
